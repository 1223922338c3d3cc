import { createHash } from 'node:crypto';
import type { Plan, StepResults, TableResult } from '../plan/plan.ts';
import { type PlannedTable, plannedTables } from '../plan/planned-tables.ts';
import { type Dataset, type Facets, facet, PRODUCER, type RunEvent, SCHEMA_URL } from './run-event.ts';

/** A run that has ended, with the results of the steps that came to an end. */
export interface EndedRun {
  /** The environment: tables of different environments are different datasets. */
  readonly env: string;
  readonly plan: Plan;
  readonly results: readonly StepResults[];
  /** Why the run ended before its last step, and when. */
  readonly failure?: { readonly at: string; readonly message: string };
}

type Step = StepResults['step'];

/** The run as OpenLineage events: START and COMPLETE of every step that ended, FAIL of the one that did not. */
export function describeRun(run: EndedRun): RunEvent[] {
  const events = run.results.flatMap((results) => endedStep(run, results));
  const broken = run.failure && unfinishedStep(run);
  return broken ? [...events, ...failedStep(run, broken, run.failure)] : events;
}

function endedStep(run: EndedRun, results: StepResults): RunEvent[] {
  const planned = plannedTables(results.step, run.plan);
  const inputs = inputsOf(run, results.tables);
  const outputs = results.tables.map((table) => outputOf(run, table, planned));
  return [
    { ...stepEvent(run, results.step), eventType: 'START', eventTime: results.startedAt, inputs },
    { ...stepEvent(run, results.step), eventType: 'COMPLETE', eventTime: results.endedAt, inputs, outputs },
  ];
}

/** The first planned step without results: those after it never started. */
function unfinishedStep({ plan, results }: EndedRun): Step | undefined {
  const planned: Step[] = [
    ...(plan.refine.length > 0 ? (['refine'] as const) : []),
    ...(plan.model ? (['model'] as const) : []),
  ];
  return planned.find((step) => !results.some((result) => result.step === step));
}

function failedStep(run: EndedRun, step: Step, { at, message }: NonNullable<EndedRun['failure']>): RunEvent[] {
  const event = stepEvent(run, step);
  const outputs = plannedTables(step, run.plan).map(({ id }) => datasetOf(run, id, {}));
  const errorMessage = facet('ErrorMessageRunFacet', { message, programmingLanguage: 'python' });
  const failed = { ...event.run, facets: { ...event.run.facets, errorMessage } };
  const startedAt = run.results.at(-1)?.endedAt ?? run.plan.createdAt;
  return [
    { ...event, eventType: 'START', eventTime: startedAt },
    { ...event, eventType: 'FAIL', eventTime: at, run: failed, outputs },
  ];
}

type StepEvent = Omit<RunEvent, 'eventType' | 'eventTime'>;

function stepEvent({ env, plan }: EndedRun, step: Step): StepEvent {
  const { runId, domain } = plan;
  const namespace = namespaceOf(env);
  const parent = facet('ParentRunFacet', {
    run: { runId: uuidOf(runId) },
    job: { namespace, name: `${domain}.run` },
  });
  return {
    producer: PRODUCER,
    schemaURL: SCHEMA_URL,
    run: { runId: uuidOf(`${runId}/${step}`), facets: { parent } },
    job: { namespace, name: `${domain}.${step}`, facets: {} },
    inputs: [],
    outputs: [],
  };
}

const namespaceOf = (env: string): string => `sluice:${env}`;

/** Every input once, at the highest version that any table of the step has read. */
function inputsOf(run: EndedRun, tables: readonly TableResult[]): Dataset[] {
  const versions = new Map<string, number>();
  for (const { table, toVersion } of tables.flatMap(({ inputs }) => inputs)) {
    versions.set(table, Math.max(toVersion, versions.get(table) ?? 0));
  }
  return [...versions].map(([table, version]) => datasetOf(run, table, { version: versionFacet(version) }));
}

function outputOf(run: EndedRun, result: TableResult, planned: readonly PlannedTable[]): Dataset {
  const plan = planned.find(({ id }) => id === result.table);
  const facets = {
    version: versionFacet(result.deltaVersion),
    dataSource: facet('DatasourceDatasetFacet', { name: result.table, uri: result.uri }),
    ...(plan && { schema: schemaFacet(plan) }),
  };
  const outputFacets = {
    outputStatistics: facet('OutputStatisticsOutputDatasetFacet', { rowCount: result.rowsOut }),
    dataQualityAssertions: assertionsFacet(result, plan),
  };
  return { ...datasetOf(run, result.table, facets), outputFacets };
}

/** Named by the table, not by its place: gold moves between two places, and stays the same dataset. */
const datasetOf = ({ env }: EndedRun, table: string, facets: Facets): Dataset => ({
  namespace: namespaceOf(env),
  name: table,
  facets,
});

const versionFacet = (version: number) => facet('DatasetVersionDatasetFacet', { datasetVersion: String(version) });

const schemaFacet = ({ columns }: PlannedTable) =>
  facet('SchemaDatasetFacet', {
    fields: columns.map(({ name, type, description }) => ({ name, type, ...(description && { description }) })),
  });

/** A check that could not run has not succeeded. */
function assertionsFacet({ checks }: TableResult, planned: PlannedTable | undefined) {
  const assertions = checks.map(({ id, failed, error }) => {
    const [column, ...more] = planned?.checks.find((check) => check.id === id)?.columns ?? [];
    const success = failed === 0 && error === null;
    return { assertion: id, success, ...(column !== undefined && more.length === 0 && { column }) };
  });
  return facet('DataQualityAssertionsDatasetFacet', { assertions });
}

/** Events of one step must share a UUID; ours is a hash of its name so that a retry repeats it. */
function uuidOf(name: string): string {
  const hash = createHash('sha256').update(`sluice/${name}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80; // version 8: a hash of our own
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
