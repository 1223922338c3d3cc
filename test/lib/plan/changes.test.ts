import { changesOf, historyOf } from '../../../lib/plan/changes.ts';

const table = { domain: 'crm', table: 'customers', write: { mode: 'merge', keys: ['customer_id'] } } as const;

test('what a contract says of changes goes into the plan, with a place for what was removed', () => {
  const changes = { operation: 'op', deletes: ['d'], truncates: [], orderBy: 'lsn' };
  expect(changesOf({ ...table, changes }, 'silver')).toEqual({
    ...changes,
    tombstonesUri: 's3://silver/crm/_tombstones/customers',
  });
});

test('a table whose events all write rows has no changes to tell, and times order what the source does not', () => {
  expect(changesOf(table, 'silver')).toBeNull();
  const changes = { operation: 'op', deletes: ['d'], truncates: [] };
  expect(changesOf({ ...table, changes }, 'silver')).toMatchObject({ orderBy: null });
});

test('what events said is kept of a table with every version of a row, and of no other', () => {
  expect(historyOf({ ...table, write: { ...table.write, mode: 'scd2' } }, 'silver')).toEqual({
    imagesUri: 's3://silver/crm/_images/customers',
  });
  expect(historyOf(table, 'silver')).toBeNull();
});
