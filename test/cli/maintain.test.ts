import { describe as describeReports, type MaintenanceReport } from '../../cli/maintain.ts';

const report: MaintenanceReport = {
  table: 'commerce.bronze.orders',
  outcome: 'done',
  filesBefore: 1200,
  filesAfter: 2,
  bytesBefore: 3 * 2 ** 20,
  bytesAfter: 2 ** 20,
  filesDeleted: 7,
  version: 42,
  seconds: 1.25,
};

test('each table has a line with files and size before and after, and what was deleted', () => {
  const lines = describeReports([
    report,
    {
      ...report,
      table: 'commerce.gold.gold_fact_sales',
      slot: 'blue',
      outcome: 'waits',
      reason: "'commerce-20110104t100000-0badcafe' has the domain",
      filesBefore: 0,
      filesAfter: 0,
      bytesBefore: 0,
      bytesAfter: 0,
      filesDeleted: 0,
      seconds: 0,
    },
  ]).split('\n');
  expect(lines[0]).toMatch(/^table +outcome +files +size +deleted +took +reason$/);
  expect(lines[2]).toMatch(/^commerce\.bronze\.orders +done +1,200 → 2 +3\.0 MiB → 1\.0 MiB +7 +1\.3 s$/);
  expect(lines[3]).toMatch(
    /^commerce\.gold\.gold_fact_sales \(blue\) +waits +0 +0 B +0 +0\.0 s +'commerce-.* has the domain$/,
  );
});

test('a lake without a commit has nothing to maintain, and says so', () => {
  expect(describeReports([])).toContain('nothing has been committed yet');
});
