import { readCommit } from '../../cli/plan/delta-commit.ts';

const lines = (...actions: readonly object[]): string => actions.map((each) => JSON.stringify(each)).join('\n');
const add = (rows: number | null, more: object = {}) => ({
  add: {
    ...{ path: 'a.parquet', partitionValues: {}, size: 1000, modificationTime: 1, dataChange: true },
    ...{ ...(rows !== null && { stats: JSON.stringify({ numRecords: rows, minValues: {} }) }), ...more },
  },
});
const merged = {
  numTargetRowsInserted: '4',
  numTargetRowsUpdated: '3',
  numTargetRowsDeleted: '1',
  numOutputRows: '90',
};

test('an append is as large as the files that it adds', () => {
  const commit = readCommit(
    lines({ txn: { appId: 'rows', version: 7 } }, add(5), add(7), { commitInfo: { timestamp: 1293840000123 } }),
  );
  expect(commit).toEqual({ size: { rows: 12, files: 2, bytes: 2000 }, committedAt: 1293840000123 });
});

test('what compaction writes anew is no change', () => {
  expect(readCommit(lines(add(500, { dataChange: false }))).size).toEqual({ rows: 0, files: 0, bytes: 0 });
});

test('of a merge readers take the files of changes, and its rows are those that it touched', () => {
  const cdc = { cdc: { path: 'c.parquet', partitionValues: {}, size: 30, dataChange: false } };
  const commit = lines({ commitInfo: { timestamp: 5, operation: 'MERGE', operationMetrics: merged } }, add(90), cdc);
  expect(readCommit(commit).size).toEqual({ rows: 8, files: 1, bytes: 30 });
  expect(readCommit(lines(add(90), cdc)).size.rows).toBeNull();
});

test('without statistics nobody knows how many rows there are, and without its information nobody when', () => {
  expect(readCommit(`${lines(add(5), add(null))}\n`)).toEqual({
    ...{ size: { rows: null, files: 2, bytes: 2000 }, committedAt: null },
  });
});
