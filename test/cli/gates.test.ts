import { describeGates } from '../../cli/gates/describe-gates.ts';
import { type OverrideRequest, overrideOf } from '../../cli/gates/give-override.ts';
import { type GateSources, type RunGates, readGates } from '../../cli/gates/read-gates.ts';
import { describeEnd } from '../../lambdas/finish-run/describe-end.ts';
import type { CheckResult, StepResults } from '../../lib/plan/plan.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { MemoryDocuments } from '../lambdas/fakes/memory-stores.ts';
import { afterCommits, LINES, NOTHING, planOf, SALES, soundResults } from '../lib/plan/commerce.ts';

const override = {
  ...{ table: LINES, rule: 'currency.pattern', approver: 'owner@example.com', reason: 'known', runId: 'r0' },
  ...{ approvedAt: '2011-01-04T09:00:00Z', until: '2011-01-05T00:00:00Z' },
};
const plan = planOf({ ...afterCommits(NOTHING, 1), overrides: [override] });
const { runId } = plan;
const now = new Date('2011-01-04T10:05:00Z');

const failedLines: Readonly<Record<string, Partial<CheckResult>>> = {
  quantity_not_zero: {
    failed: 3,
    sample: [[shown('order_id', 'A'), shown('quantity', '0')], [shown('order_id', null)]],
  },
  'product_id.required': { failed: 1 },
  'currency.pattern': { failed: 2, error: 'no such pattern' },
};

function shown(column: string, value: string | null) {
  return { column, value };
}

function results(step: StepResults['step']): StepResults {
  const sound = soundResults(plan, step);
  const columns = { id: 'columns', name: 'columns', onFailure: 'block', blockAbovePercent: null, sample: [] } as const;
  const wrong = { ...columns, evaluated: 9, failed: 1, error: 'columns differ' };
  const changed = (table: string, check: CheckResult) => ({
    ...check,
    ...(table === LINES ? failedLines[check.id] : {}),
  });
  return {
    ...sound,
    tables: sound.tables.map(({ table, checks, ...more }) => ({
      ...more,
      table,
      checks: [...checks.map((check) => changed(table, check)), ...(table === SALES ? [wrong] : [])],
    })),
  };
}

/** A ledger with the run, and its documents where a run leaves them. */
async function sources(): Promise<GateSources> {
  const [ledger, documents] = [new MemoryLedger(), new MemoryDocuments()];
  const steps = [results('refine'), results('model')];
  await ledger.claim({ domain: 'commerce', runId, trigger: 'a test', at: plan.createdAt });
  await documents.write(`s3://o/runs/commerce/${runId}/plan.json`, plan);
  for (const step of steps) await documents.write(plan.results[step.step], step);
  const ended = { outcome: 'blocked', state: { runId, trigger: 'a test', plan: { planUri: 'x' } } } as const;
  await ledger.endRun('commerce', describeEnd({ ended, plan, results: steps, started: null, now: now.toISOString() }));
  const idle = { outcome: 'nothing-to-do', state: { runId: 'commerce-2012', trigger: 'a test' } } as const;
  await ledger.claim({ domain: 'commerce', runId: 'commerce-2012', trigger: 'x', at: '2012-01-01', replaces: runId });
  await ledger.endRun(
    'commerce',
    describeEnd({ ended: idle, plan: null, results: [], started: null, now: '2012-01-01' }),
  );
  return { ledger, documents, domains: ['commerce'], opsBucket: 'o' };
}

describe('the gates of a run', () => {
  test('say of every rule at which gate it was judged, what was expected and what was found', async () => {
    const { gates } = await readGates(await sources(), runId);
    expect(gates.map(({ step, outcome, rules }) => [step, outcome, rules.length > 9])).toEqual([
      ['refine', 'blocked', true],
      ['model', 'blocked', true],
    ]);
    const rules = gates.flatMap((gate) => gate.rules).filter(({ outcome }) => outcome !== 'passed');
    const told = rules.map(({ gate, rule, outcome, expected, actual }) => [gate, rule, outcome, expected, actual]);
    expect(told.toSorted()).toEqual([
      ['G1', 'currency.pattern', 'warned', 'currency: what matches ^[A-Z]{3}$', 'could not run'],
      ['G1', 'product_id.required', 'blocked', 'product_id: a value', '1 of 10 failed'],
      ['G1', 'quantity_not_zero', 'quarantined', 'quantity: anything but 0', '3 of 10 failed'],
      ['G2', 'columns', 'blocked', 'the columns of the contract', 'could not run'],
    ]);
  });

  test('are shown with the worst rule first, with rows that failed, errors and overrides', async () => {
    const lines = describeGates(await readGates(await sources(), runId)).split('\n');
    expect(lines[0]).toBe(`${runId}: blocked, started 2011-01-04T10:05:00.000Z`);
    expect(lines[4]).toMatch(
      /^ {2}G1 +commerce.silver.order_lines +product_id.required +blocked +product_id: a value +1 of 10 failed +1$/,
    );
    expect(lines).toContain('    order_id=A, quantity=0');
    expect(lines).toContain('    order_id=null');
    expect(lines).toContain('    could not run: columns differ');
    expect(lines).toContain('    overridden by owner@example.com until 2011-01-05T00:00:00Z: known');
  });

  test('are those of the newest run that came to a gate when no run is named', async () => {
    expect((await readGates(await sources(), undefined)).runId).toBe(runId);
  });

  test('of a run without any say so, and an unknown run is refused', async () => {
    expect(describeGates(await readGates(await sources(), 'commerce-2012'))).toContain('it came to no gate');
    await expect(readGates(await sources(), 'commerce-2010')).rejects.toThrow("run 'commerce-2010' is unknown");
  });
});

describe('an override', () => {
  let run: RunGates;
  beforeAll(async () => {
    run = await readGates(await sources(), runId);
  });
  const request = (more: Partial<OverrideRequest> = {}): OverrideRequest => ({
    ...{ rule: 'product_id.required', approver: 'owner@example.com', reason: 'they come tomorrow' },
    ...{ until: Date.parse('2011-01-05T10:05:00Z'), ...more },
  });

  test('is of a rule that blocked the run, and says who answers for it, why and until when', () => {
    expect(overrideOf(run, request(), now)).toEqual({
      ...{
        table: LINES,
        rule: 'product_id.required',
        runId,
        approver: 'owner@example.com',
        reason: 'they come tomorrow',
      },
      ...{ approvedAt: '2011-01-04T10:05:00.000Z', until: '2011-01-05T10:05:00.000Z' },
    });
  });

  test.each<[string, Partial<OverrideRequest>, string]>([
    ['of a rule that only quarantined', { rule: 'quantity_not_zero' }, "'quantity_not_zero' did not block run"],
    [
      'of a rule that there is not',
      { rule: 'quantity' },
      `what did: product_id.required of ${LINES}, columns of ${SALES}`,
    ],
    ['of another table', { table: SALES }, "'product_id.required' did not block run"],
    ['of the columns, which readers rely on', { rule: 'columns' }, 'no rule of the contract'],
    ['that has expired', { until: now.getTime() }, '--until: found a time that is past'],
    ['that would never end', { until: Date.parse('2011-03-01T00:00:00Z') }, '31 days at most'],
    ['by nobody', { approver: ' ' }, '--approver: found nothing'],
    ['for no reason', { reason: '' }, '--reason: found nothing'],
  ])('%s is refused', (_, more, message) => {
    expect(() => overrideOf(run, request(more), now)).toThrow(message);
  });

  test('must name the table where a rule of one name blocked several', () => {
    const [first] = run.gates;
    if (!first) throw new Error('no gate');
    const twice = {
      ...run,
      gates: [first, { ...first, rules: first.rules.map((rule) => ({ ...rule, table: SALES })) }],
    };
    expect(() => overrideOf(twice, request(), now)).toThrow('name one with --table');
    expect(overrideOf(twice, request({ table: SALES }), now).table).toBe(SALES);
  });
});
