import { type DemoReport, describeReport } from '../../cli/demo/demo-report.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';

const run = (runId: string, steps: RunItem['steps']): RunItem => ({
  type: 'run',
  v: 1,
  runId,
  status: 'succeeded',
  trigger: 'test',
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 20_000,
  steps,
  gates: [],
});
const step = {
  name: 'refine',
  outcome: 'passed',
  startedAt: '2026-01-01T00:00:02Z',
  endedAt: '2026-01-01T00:00:10Z',
  rowsIn: 9,
  rowsOut: 9,
  quarantined: 0,
};
const REPORT: DemoReport = {
  seconds: 61.2,
  events: { sent: 3166, landed: 3129, quarantined: 37, duplicates: 43 },
  tables: { 'shop_gold.sales': { rows: 15_426, version: 2 } },
  topProducts: [{ product_id: 'E-4003', units: 12 }],
  runs: [run('shop-2', []), run('shop-1', [step])],
};

test("the demo's report says what became of the events, the tables, the best sold and the steps of each run", () => {
  const text = describeReport(REPORT);
  expect(text).toMatch(/^events {5}3,166 sent = 3,129 landed \+ 37 quarantined; 43 of the landed were duplicates$/m);
  expect(text).toMatch(/shop_gold\.sales +15426 +2$/m);
  expect(text).toMatch(/E-4003 +12$/m);
  expect(text).toMatch(/^run shop-1: succeeded in 20 s$/m);
  expect(text).toMatch(/refine +passed +8\.0 s/);
  expect(text).toMatch(/from nothing to gold in 61\.2 s$/);
});

test('a run without steps has no section of its own', () => {
  expect(describeReport(REPORT)).not.toContain('shop-2');
});
