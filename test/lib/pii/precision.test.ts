import { corpusOf } from '../../../bench/pii/corpus.ts';
import { CHECKSUMMED, judge, precisionOf, recallOf } from '../../../bench/pii/judge.ts';
import { KINDS, type Kind } from '../../../lib/pii/finding.ts';

const scores = judge(corpusOf(6000, 424_242));

test('of what is told, 97 of 100 and more are right', () => {
  expect(precisionOf(Object.values(scores))).toBeGreaterThanOrEqual(0.97);
});

test.each(CHECKSUMMED)('%s: 95 of 100 and more are found, and 97 of 100 are right', (kind) => {
  expect(recallOf([scores[kind]])).toBeGreaterThanOrEqual(0.95);
  expect(precisionOf([scores[kind]])).toBeGreaterThanOrEqual(0.97);
});

test.each(Object.keys(KINDS) as Kind[])('the texts hold %s often enough to tell', (kind) => {
  expect(scores[kind].right + scores[kind].missed).toBeGreaterThan(150);
});
