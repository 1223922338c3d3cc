import { describeRun } from '../../../lib/lineage/describe-run.ts';
import type { StepResults } from '../../../lib/plan/plan.ts';
import { afterCommits, LINES, NOTHING, ORDERS, planOf, SALES, soundResults } from '../plan/commerce.ts';

const plan = planOf(afterCommits(NOTHING, 4));
const results = [soundResults(plan, 'refine'), soundResults(plan, 'model')];
const events = describeRun({ env: 'dev', plan, results });

test('every step that ended has a start and an end', () => {
  expect(events.map(({ eventType, eventTime, job }) => [job.name, eventType, eventTime])).toEqual([
    ['commerce.refine', 'START', '2011-01-04T10:01:00Z'],
    ['commerce.refine', 'COMPLETE', '2011-01-04T10:02:00Z'],
    ['commerce.model', 'START', '2011-01-04T10:01:00Z'],
    ['commerce.model', 'COMPLETE', '2011-01-04T10:02:00Z'],
  ]);
});

test('events of one step share a UUID, which another run does not have', () => {
  const [start, complete, model] = events.map(({ run }) => run.runId);
  expect(start).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(complete).toBe(start);
  expect(model).not.toBe(start);
  const [other] = describeRun({ env: 'dev', plan: { ...plan, runId: 'commerce-20110105t100000-0badcafe' }, results });
  expect(other?.run.runId).not.toBe(start);
});

test('both steps belong to the run', () => {
  const parents = events.map(({ run }) => run.facets.parent?.run);
  expect(new Set(parents.map((parent) => JSON.stringify(parent))).size).toBe(1);
});

test('a step reads its inputs once each, at their Delta version', () => {
  const [, refined, , modelled] = events;
  const versionOf = (dataset: (typeof events)[number]['inputs'][number]) => [
    dataset.name,
    dataset.facets.version?.datasetVersion,
  ];
  expect(refined?.inputs.map(versionOf)).toEqual([[ORDERS, '3']]);
  expect(modelled?.inputs.map(versionOf)).toEqual([[LINES, '3']]);
});

test('an output tells its version, place, columns, rows and checks', () => {
  const [, , , modelled] = events;
  const sales = modelled?.outputs.find(({ name }) => name === SALES);
  expect(sales).toMatchObject({
    namespace: 'sluice:dev',
    facets: {
      version: { datasetVersion: '1' },
      dataSource: { uri: 's3://g/commerce/green/gold_fact_sales' },
      schema: {
        fields: expect.arrayContaining([expect.objectContaining({ name: 'net_amount', type: 'decimal(18,4)' })]),
      },
    },
    outputFacets: {
      outputStatistics: { rowCount: 10 },
      dataQualityAssertions: {
        assertions: expect.arrayContaining([
          { assertion: 'unit_price.minimum', success: true, column: 'unit_price' },
          { assertion: 'primary_key.unique', success: true },
        ]),
      },
    },
  });
});

test('a check that failed or could not run is no success', () => {
  const [refine] = results as [StepResults];
  const broken = refine.tables.map((table) => ({
    ...table,
    checks: table.checks.map((check, index) => ({
      ...check,
      failed: index === 0 ? 1 : 0,
      error: index === 1 ? 'gone' : null,
    })),
  }));
  const [, complete] = describeRun({ env: 'dev', plan, results: [{ ...refine, tables: broken }] });
  const facet = complete?.outputs[0]?.outputFacets?.dataQualityAssertions;
  const assertions = (facet?.assertions ?? []) as { success: boolean }[];
  expect(assertions.slice(0, 3).map(({ success }) => success)).toEqual([false, false, true]);
});

test('the step that a run broke in fails, and those after it are not told of', () => {
  const failure = { at: '2011-01-04T10:05:00Z', message: 'the driver ran out of memory' };
  const told = describeRun({ env: 'dev', plan, results: [], failure });
  expect(told.map(({ job, eventType, eventTime }) => [job.name, eventType, eventTime])).toEqual([
    ['commerce.refine', 'START', plan.createdAt],
    ['commerce.refine', 'FAIL', failure.at],
  ]);
  expect(told[1]?.run.facets.errorMessage).toMatchObject({ message: failure.message });
  expect(told[1]?.outputs.map(({ name }) => name)).toEqual([LINES, 'commerce.silver.orders']);
});

test('every facet names its schema and its producer, as the specification demands', () => {
  const facets = events.flatMap(({ run, outputs, inputs }) => [
    ...Object.values(run.facets),
    ...[...inputs, ...outputs].flatMap((dataset) => Object.values({ ...dataset.facets, ...dataset.outputFacets })),
  ]);
  expect(facets.length).toBeGreaterThan(10);
  for (const { _producer, _schemaURL } of facets) {
    expect(_producer).toBe('urn:sluice');
    expect(_schemaURL).toMatch(/^https:\/\/openlineage\.io\/spec\/facets\/1-0-0\/\w+\.json#\/\$defs\/\w+$/);
  }
});
