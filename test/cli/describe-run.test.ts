import { describeRun, runTable } from '../../cli/runs/describe-run.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';

const RUN: RunItem = {
  type: 'run',
  v: 1,
  runId: 'shop-20260101t000000-0badcafe',
  status: 'blocked',
  trigger: 'shop.bronze.orders version 3',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T00:00:42Z',
  durationMs: 42_000,
  steps: [
    {
      name: 'refine',
      outcome: 'quarantined',
      startedAt: '2026-01-01T00:00:02Z',
      endedAt: '2026-01-01T00:00:10Z',
      rowsIn: 100,
      rowsOut: 97,
      quarantined: 3,
      bytesRead: 2_500_000,
      jobRunId: '00f1',
      overheadSeconds: 95,
      billed: { vCPUHour: 0.1234, memoryGBHour: 0.5, storageGBHour: 0 },
    },
  ],
  gates: [{ step: 'refine', outcome: 'quarantined', reasons: ["check 'quantity' failed for 3 of 100"], checks: [] }],
};

describe('a run', () => {
  test('is one line among others', () => {
    const [, , line] = runTable([RUN]).split('\n');
    expect(line).toMatch(/^shop-20260101t000000-0badcafe {2}blocked .* 42 s {6}refine +3$/);
  });

  test('by itself shows its steps, gates with reasons, logs and what was billed', () => {
    expect(describeRun(RUN, 'ops-bucket', '00aa').split('\n')).toEqual([
      'shop-20260101t000000-0badcafe: blocked (shop.bronze.orders version 3), started 2026-01-01T00:00:00Z, took 42 s',
      'steps',
      '  step    outcome      duration  start of Spark  rows in  rows out  quarantined  read     billed',
      '  ------  -----------  --------  --------------  -------  --------  -----------  -------  ------------------------',
      '  refine  quarantined  8.0 s     95 s                100        97            3  2.4 MiB  0.123 vCPU-h, 0.500 GB-h',
      'gates',
      '  after refine: quarantined, 0 checks',
      "    check 'quantity' failed for 3 of 100",
      'logs',
      '  refine: s3://ops-bucket/logs/applications/00aa/jobs/00f1/SPARK_DRIVER/',
    ]);
  });

  test('that failed shows its error, and no sections that would be empty', () => {
    const { endedAt: _, durationMs: __, ...running } = RUN;
    expect(describeRun({ ...running, steps: [], gates: [], status: 'failed', error: 'no room' }, 'b', 'a')).toBe(
      'shop-20260101t000000-0badcafe: failed (shop.bronze.orders version 3), started 2026-01-01T00:00:00Z\nerror\n  no room',
    );
  });
});
