import { firstsSince, runOrMoment } from '../../cli/plan/since.ts';
import { MemoryDocuments } from '../lambdas/fakes/memory-stores.ts';
import { afterCommits, NOTHING, ORDERS, planOf } from '../lib/plan/commerce.ts';

const FIRST = afterCommits(NOTHING, 4);
const LATER = afterCommits(FIRST, 5);
const RUN = 'commerce-20110104t100000-0badcafe';
const time = Date.parse('2011-01-04T10:00:00Z');

const logs = (first: number | null) => ({
  firstSince: async (uri: string, latest: number, since: number) =>
    uri === 's3://b/commerce/orders' && latest === 8 && since === time ? first : null,
});
const gone = { read: () => Promise.reject(Object.assign(new Error('gone'), { name: 'NoSuchKey' })) };

test('since a time are the versions that were committed then or later', async () => {
  expect(await firstsSince({ logs: logs(6), documents: gone }, LATER, { time })).toEqual(new Map([[ORDERS, 6]]));
  expect(await firstsSince({ logs: logs(null), documents: gone }, LATER, { time })).toEqual(new Map());
});

test('since a run is also what it read, which had been committed before it started', async () => {
  const documents = new MemoryDocuments();
  await documents.write(`s3://o/runs/commerce/${RUN}/plan.json`, planOf(FIRST));
  const since = { time, runId: RUN };
  expect(await firstsSince({ logs: logs(6), documents }, LATER, since)).toEqual(new Map([[ORDERS, 0]]));
  expect(await firstsSince({ logs: logs(null), documents }, LATER, since)).toEqual(new Map([[ORDERS, 0]]));
});

test('a run without a plan stands for the time at which it started', async () => {
  const since = { time, runId: RUN };
  expect(await firstsSince({ logs: logs(6), documents: gone }, LATER, since)).toEqual(new Map([[ORDERS, 6]]));
});

test('a run is told from a moment, and what is neither is refused', () => {
  expect(runOrMoment(RUN)).toBe(RUN);
  expect(runOrMoment('2011-01-04T10:00:00Z')).toBe(time);
  expect(() => runOrMoment('yesterday')).toThrow("found 'yesterday'");
});
