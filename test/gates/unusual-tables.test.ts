import { recordHistories } from '../../lambdas/finish-run/record-histories.ts';
import { readResults } from '../../lambdas/shared/run-documents.ts';
import type { Check, Usual } from '../../lib/contract/contract.ts';
import { historyKey } from '../../lib/plan/history.ts';
import { judgeChecks } from '../../lib/plan/judge-checks.ts';
import { withHistory } from '../../lib/plan/learn-usual.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { MemoryDocuments } from '../lambdas/fakes/memory-stores.ts';
import { newOf, OLD, planOf, resultsOf, SALES, seenAfter } from './publish-sales.ts';
import { judged } from './sales.ts';

const usual: Usual = { season: 'dayOfWeek', minHistory: 14, deviations: 4, minChangePercent: 20, minChange: 10 };
const RULES: readonly Check[] = [
  {
    ...{ id: 'usual_rows', name: 'usual_rows', kind: 'anomaly', columns: [], onFailure: 'warn' },
    ...{ measure: 'rowCount', usual },
  },
  {
    ...{ id: 'usual_nulls', name: 'usual_nulls', kind: 'anomaly', columns: ['note'], onFailure: 'warn' },
    ...{ measure: 'nullShare', usual: { ...usual, minChange: 1 } },
  },
  {
    ...{ id: 'usual_amounts', name: 'usual_amounts', kind: 'drift', columns: ['amount'], onFailure: 'warn' },
    ...{ edges: ['3', '5'], usual: { season: 'none', minHistory: 14 } },
    expect: { operator: 'mustBeLessOrEqualTo', bounds: [0.2], unit: 'number' },
  },
];
/** As the rules are when the contract says that they block. */
const BLOCKING = RULES.map((rule) => ({ ...rule, onFailure: 'block' as const }));

/** A hundred rows, two more or fewer from run to run. */
const soundIn = (run: number): string => `delete from sales where sale_id >= ${97 + (run % 3)}`;

/** One run a week, on Thursdays: planned by what the ledger has, judged, and kept when it succeeded. */
async function runOf(ledger: MemoryLedger, week: number, damage: string, rules: readonly Check[] = RULES) {
  const createdAt = new Date(Date.UTC(2026, 0, 1 + 7 * week, 12)).toISOString();
  const histories = await ledger.histories(rules.map((rule) => historyKey(SALES, rule, createdAt)));
  const checks = rules.map((rule) => withHistory(SALES, rule, histories, createdAt));
  const plan = planOf(checks, { runId: `shop-${week}`, createdAt });
  const results = resultsOf(plan, await judged(damage, checks));
  const seen = await seenAfter(plan, results);
  const read = await readBack(plan, results);
  if (seen.outcome !== 'blocked') await recordHistories(ledger, plan, [read]);
  return { plan, seen, verdicts: judgeChecks(read, plan) };
}

async function readBack(plan: Plan, results: ReturnType<typeof resultsOf>) {
  const documents = new MemoryDocuments();
  await documents.write(plan.results.model, results);
  return readResults(documents, plan, 'model');
}

async function ledgerAfter(weeks: number): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  for (let week = 0; week < weeks; week++) await runOf(ledger, week, soundIn(week));
  return ledger;
}

const DOUBLED = 'insert into sales by name select sale_id + 1000 as sale_id, * exclude sale_id from sales';
const SHIFTED = 'update sales set amount = 6 where sale_id < 60';

test('while a history is short nothing is unusual, however unlike it is', async () => {
  const ledger = await ledgerAfter(13);
  const { seen, verdicts, plan } = await runOf(ledger, 13, 'delete from sales where sale_id > 3');
  expect(seen).toEqual({ outcome: 'passed', ...newOf(plan) });
  expect(verdicts.map(({ expected, actual }) => [expected, actual])).toEqual([
    ['rows: learning (Thursdays, 13 of 14 points)', '4'],
    ['note: percent without a value: learning (Thursdays, 13 of 14 points)', '0'],
    ['amount: values spread as usual: learning (all runs, 13 of 14 points)', 'counted, not compared'],
  ]);
});

describe('once fourteen Thursdays are known', () => {
  let ledger: MemoryLedger;
  beforeAll(async () => {
    ledger = await ledgerAfter(14);
  });

  test('a run like them passes', async () => {
    const { seen, verdicts } = await runOf(ledger, 14, soundIn(14));
    expect([seen.outcome, verdicts.flatMap(({ reason }) => reason ?? [])]).toEqual(['passed', []]);
  });

  test.each([
    [
      'a spike',
      DOUBLED,
      'usual_rows',
      /^check 'usual_rows' expected rows: 69 to 127 \(Thursdays, 1\d points\), found 200$/,
    ],
    ['a collapse', 'delete from sales where sale_id >= 60', 'usual_rows', /found 60$/],
    ['values that are missing', 'update sales set note = null where sale_id < 30', 'usual_nulls', /to 1 \(.*found 30$/],
    [
      'drift',
      SHIFTED,
      'usual_amounts',
      /spread as usual: an index of at most 0\.2 \(all runs, 1\d points\), found [01]\.\d+$/,
    ],
  ])('%s is told, and stops nothing unless the contract says so', async (_, damage, rule, reason) => {
    const warned = await runOf(ledger, 15, damage);
    const unusual = warned.verdicts.filter((verdict) => verdict.outcome !== 'passed');
    expect(unusual.map((verdict) => [verdict.gate, verdict.rule, verdict.outcome])).toEqual([['G2', rule, 'warned']]);
    expect(unusual[0]?.reason).toMatch(reason);
    expect(warned.seen).toEqual({ outcome: 'warned', ...newOf(warned.plan) });
    const blocked = await runOf(ledger, 16, damage, BLOCKING);
    expect(blocked.seen).toEqual({ outcome: 'blocked', ...OLD });
  });

  test('on another day of the week nothing is known', async () => {
    const { verdicts } = await runOf(ledger, 15 + 1 / 7, DOUBLED);
    expect(verdicts.find(({ rule }) => rule === 'usual_rows')).toMatchObject({
      outcome: 'passed',
      expected: 'rows: learning (Fridays, 0 of 14 points)',
    });
  });
});

test('a new level is unusual until it is what half of the history is like', async () => {
  const ledger = await ledgerAfter(14);
  const outcomes: (string | undefined)[] = [];
  for (let week = 14; week < 30; week++) outcomes.push((await runOf(ledger, week, DOUBLED)).verdicts[0]?.outcome);
  expect(outcomes.slice(0, 7)).toEqual(Array(7).fill('warned'));
  expect(outcomes.at(-1)).toBe('passed');
});

test('of few rows no spread is judged', async () => {
  const ledger = await ledgerAfter(14);
  const few = 'delete from sales where sale_id >= 79; update sales set amount = 6';
  const { verdicts } = await runOf(ledger, 14, few);
  expect(verdicts.find(({ rule }) => rule === 'usual_amounts')).toMatchObject({
    outcome: 'passed',
    actual: 'counted, not compared',
  });
});
