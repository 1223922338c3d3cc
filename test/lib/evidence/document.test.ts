import { canonicalBytes } from '../../../lib/evidence/canonical-json.ts';
import { documentOf, type EndedRun } from '../../../lib/evidence/document.ts';
import { sealOf } from '../../../lib/evidence/seal.ts';
import { scanText } from '../../../lib/pii/scan-text.ts';
import type { Override } from '../../../lib/plan/override.ts';
import type { Plan, StepResults } from '../../../lib/plan/plan.ts';
import { afterCommits, LINES, NOTHING, planOf, SALES, soundResults } from '../plan/commerce.ts';

const plan = planOf(afterCommits(NOTHING, 4));
const STEPS = ['refine', 'model'] as const;
const run = { runId: plan.runId, outcome: 'succeeded', trigger: 'a commit', startedAt: 'a', endedAt: 'b' } as const;
const ended = (changes: Partial<EndedRun> = {}): EndedRun => ({
  ...{ env: 'dev', domain: 'commerce', run, plan, published: null },
  results: STEPS.map((step) => soundResults(plan, step)),
  ...changes,
});

/** Changes every check's result of a step. */
const withChecks = (results: StepResults, change: Partial<StepResults['tables'][number]['checks'][number]>) => ({
  ...results,
  tables: results.tables.map((table) => ({ ...table, checks: table.checks.map((check) => ({ ...check, ...change })) })),
});

test('a document tells of every planned table its contract, counts and rules', () => {
  const { tables, steps, number, previous } = documentOf(ended(), null);
  expect([number, previous]).toEqual([1, null]);
  expect(steps).toEqual([
    { step: 'refine', outcome: 'passed' },
    { step: 'model', outcome: 'passed' },
  ]);
  const planned = [...plan.refine.map(({ table }) => table), ...(plan.model?.tables ?? []).map(({ id }) => id)];
  expect(tables.map(({ table }) => table)).toEqual(planned);
  const lines = tables.find(({ table }) => table === LINES);
  expect(lines).toMatchObject({ step: 'refine', contractVersion: '1.1.0', result: { rowsIn: 10, quarantined: 0 } });
  const rules = new Map(lines?.rules.map((rule) => [rule.rule, rule]));
  for (const { id } of plan.refine.find(({ table }) => table === LINES)?.checks ?? [])
    expect(rules.get(id)).toMatchObject({ outcome: 'passed', evaluated: 10, failed: 0, couldRun: true });
});

test('what failed, what could not run and what was never reported are told apart', () => {
  const [refine, model] = STEPS.map((step) => soundResults(plan, step));
  const results = [withChecks(refine as StepResults, { failed: 10, onFailure: 'block' })];
  const blocked = documentOf(ended({ results }), null).tables.find(({ table }) => table === LINES);
  expect(blocked?.rules[0]).toMatchObject({ outcome: 'blocked', failed: 10, couldRun: true });
  const broken = [withChecks(model as StepResults, { error: 'no such column', onFailure: 'block' })];
  const sales = documentOf(ended({ results: broken }), null).tables.find(({ table }) => table === SALES);
  expect(sales?.rules[0]).toMatchObject({ outcome: 'blocked', couldRun: false });
  const silent = documentOf(ended({ results: [{ ...(model as StepResults), tables: [] }] }), null);
  expect(silent.tables.find(({ table }) => table === SALES)).toMatchObject({
    result: null,
    rules: [{ rule: 'table:results', outcome: 'blocked' }],
  });
});

test('a run that came to no plan, and a step that came to no end, have documents too', () => {
  const failed = { ...run, outcome: 'failed' } as const;
  expect(documentOf(ended({ run: failed, plan: null, results: [] }), null)).toMatchObject({ plan: null, tables: [] });
  const { tables, steps } = documentOf(ended({ run: failed, results: [] }), null);
  expect(steps).toEqual([]);
  expect(tables.every(({ result, rules }) => result === null && rules.length === 0)).toBe(true);
});

test('an approval is told with who gave it, why and until when', () => {
  const override: Override = {
    ...{ table: LINES, rule: 'row_count', approver: 'head of sales', reason: 'the till was replaced', runId: 'r' },
    ...{ approvedAt: '2011-01-03T10:00:00Z', until: '2011-01-05T10:00:00Z' },
  };
  const [task, ...tasks] = plan.refine.toSorted(({ table }) => (table === LINES ? -1 : 1));
  const [check, ...checks] = task?.checks ?? [];
  const approved = { ...plan, refine: [{ ...task, checks: [{ ...check, override }, ...checks] }, ...tasks] } as Plan;
  const results = [withChecks(soundResults(plan, 'refine'), { failed: 10, onFailure: 'block' })];
  const lines = documentOf(ended({ plan: approved, results }), null).tables.find(({ table }) => table === LINES);
  expect(lines?.rules.find(({ rule }) => rule === check?.id)).toMatchObject({ outcome: 'warned', override });
});

test('whatever value of a row stands in messages, samples and places, none is in the document', () => {
  const secret = 'jane.doe@example.org';
  const results = STEPS.map((step) => soundResults(plan, step)).map((each) =>
    withChecks(each, {
      ...{ failed: 3, name: `found '${secret}'`, error: `cannot cast '${secret}' to int` },
      sample: [{ key: { order_id: secret }, values: { note: secret } }] as never,
    }),
  );
  const placed = results.map((each) => ({
    ...each,
    tables: each.tables.map((table) => ({ ...table, uri: `s3://b/${secret}`, quarantineUri: `s3://o/${secret}` })),
  }));
  const text = new TextDecoder().decode(canonicalBytes(documentOf(ended({ results: placed }), null)));
  expect(text).not.toContain('jane');
  expect(sureFindings(text)).toEqual([]);
  expect(sureFindings(text.replace('"a commit"', `"${secret}"`))).toHaveLength(1);
});

/** What a scan for personal data is sure of. */
const sureFindings = (text: string) =>
  scanText(text).filter(({ certainty }) => certainty === 'checked' || certainty === 'contextual');

test('the same run makes the same bytes, and another plan another hash', () => {
  const seal = (of: EndedRun) => sealOf(canonicalBytes(documentOf(of, null))).sha256;
  expect(seal(ended())).toBe(seal(structuredClone(ended())));
  expect(documentOf(ended({ plan: { ...plan, createdAt: 'x' } }), null).plan).not.toBe(documentOf(ended(), null).plan);
});
