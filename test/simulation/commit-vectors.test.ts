import { readFileSync } from 'node:fs';
import { type CommitVector, commitVectors, decide } from './commit-vectors.ts';

const read = (name: string): CommitVector[] =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

test.each(read('commit-batches').map((vector) => [vector.name, vector] as const))(
  'the model decides as the case written by hand says: %s',
  (_name, { expected, ...asked }) => {
    expect(decide(asked)).toEqual(expected);
  },
);

test('the vectors for the committer in Python are what the model decides; else run scripts/write-commit-vectors.ts', () => {
  expect(read('commit-histories')).toEqual(commitVectors());
});

test('the vectors ask what matters: batches that are new, known, half known, repeated and out of order', () => {
  const vectors = commitVectors();
  const masks = vectors.flatMap(({ expected }) => expected.kept);
  const count = (matches: (mask: readonly boolean[]) => boolean) => masks.filter(matches).length;
  expect(count((mask) => mask.every(Boolean))).toBeGreaterThan(10);
  expect(count((mask) => !mask.some(Boolean))).toBeGreaterThan(3);
  expect(count((mask) => mask.some(Boolean) && !mask.every(Boolean))).toBeGreaterThan(10);
  const messages = vectors.flatMap(({ staged }) => staged.map(({ message }) => message));
  expect(messages.filter(({ ordered }) => ordered).length).toBeGreaterThan(10);
  expect(messages.filter(({ ordered, positions }) => !ordered && positions.length > 0).length).toBeGreaterThan(5);
});
