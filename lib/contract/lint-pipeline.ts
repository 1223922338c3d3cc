import { primaryKeyOf } from './compile-checks.ts';
import type { Layer } from './contract.ts';
import type { Place } from './contract-file.ts';
import { parseDuration } from './duration.ts';
import { lintChanges } from './lint-changes.ts';
import type { OdcsContract } from './odcs-contract.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';
import type { Pipeline } from './vendor-properties.ts';

/** What a runner exists for; a way of writing, receiving or masking that nobody runs must not look deployed. */
const WRITE_MODES: Readonly<Record<Layer, readonly string[]>> = {
  bronze: ['append'],
  silver: ['merge', 'scd2', 'view'],
  gold: ['merge', 'rebuild', 'view'],
};
const INGEST_FROM = ['stream', 'firehose', 'files'];

/** How the table comes about; paths are those of the pipeline's value. */
export function lintPipeline(pipeline: Pipeline, odcs: OdcsContract, table: Table, place: Place, report: Report): void {
  const { layer, ingest, inputs, write } = pipeline;
  if (layer !== place.layer) report(['layer'], notAllowed(layer, [place.layer], 'the folder is called so'));
  if (!WRITE_MODES[layer].includes(write.mode)) {
    report(['write', 'mode'], notAllowed(write.mode, WRITE_MODES[layer], `no runner writes so on ${layer} yet`));
  }
  lintKeys(pipeline, table, report);
  if (layer === 'bronze' && !ingest) report(['ingest'], 'missing, allowed: where the events come from');
  if (layer !== 'bronze' && ingest) report(['ingest'], `found on ${layer}, allowed: on bronze only`);
  if (layer === 'bronze' && ingest) lintIngest(ingest, odcs, table, at(report, 'ingest'));
  if (write.mode === 'view') lintView(pipeline, report);
  else lintInputs(layer, inputs.length, write.mode, report);
  inputs.forEach(({ table: input, optional }, index) => {
    const isOwn = input.startsWith(`${odcs.domain}.`);
    if (optional && (layer !== 'gold' || !isOwn))
      report(
        ['inputs', index, 'optional'],
        `found on ${isOwn ? layer : 'a table of another domain'}, allowed: on gold, of its own domain`,
      );
  });
  if (write.mode !== 'view' && write.columns)
    report(['write', 'columns'], "found on a table, allowed: beside mode 'view'");
  if (pipeline.versionOf !== undefined) lintEnd(odcs, at(report, 'versionOf'));
  if (pipeline.lateness !== undefined) lintLateness(pipeline, pipeline.lateness, at(report, 'lateness'));
  if (pipeline.ahead) lintAhead(pipeline, pipeline.ahead, table, at(report, 'ahead'));
  if (pipeline.changes) lintChanges(pipeline, pipeline.changes, table, at(report, 'changes'));
}

function lintLateness(pipeline: Pipeline, lateness: string, report: Report): void {
  lintJudgesTimes(pipeline, report);
  if (parseDuration(lateness) === undefined)
    report([], notAllowed(lateness, ['an ISO 8601 duration above 0, such as P30D']));
}

function lintAhead(pipeline: Pipeline, ahead: NonNullable<Pipeline['ahead']>, table: Table, report: Report): void {
  lintJudgesTimes(pipeline, report);
  const times = table.properties.filter(({ logicalType }) => logicalType === 'timestamp').map(({ name }) => name);
  for (const [column, duration] of Object.entries(ahead)) {
    if (!times.includes(column))
      report([column], notAllowed(column, times.length > 0 ? times : ['no column here'], 'a time'));
    if (parseDuration(duration) === undefined)
      report([column], notAllowed(duration, ['an ISO 8601 duration above 0, such as PT1H']));
  }
}

/** Rows are judged on their way to silver; bronze takes what comes, and gold is computed. */
function lintJudgesTimes({ layer, write }: Pipeline, report: Report): void {
  if (layer !== 'silver' || write.mode === 'view')
    report([], `found on ${write.mode === 'view' ? 'a view' : layer}, allowed: on a table of silver`);
}

/** A calendar needs no input. Whoever forgot the inputs of another table must hear of it. */
function lintInputs(layer: Layer, count: number, mode: string, report: Report): void {
  if (layer === 'bronze' && count > 0) report(['inputs'], 'found on bronze, allowed: on silver and gold');
  if (layer === 'silver' && count !== 1) report(['inputs'], `found ${count} inputs, allowed: 1 on silver`);
  if (layer === 'gold' && count === 0 && mode !== 'rebuild')
    report(['inputs'], "missing, allowed: the tables that the models read; none beside mode 'rebuild'");
}

function lintView({ inputs, versionOf }: Pipeline, report: Report): void {
  if (versionOf === undefined)
    report(['versionOf'], 'missing, allowed: the table of which the view shows an older version');
  if (inputs.length > 0) report(['inputs'], 'found on a view, allowed: none; it shows the rows of versionOf');
}

const DAY = /^\d{4}-\d{2}-\d{2}(T.*)?$/;

/** An older version is served for a time. Who reads it must be able to see how long. */
function lintEnd({ slaProperties }: OdcsContract, report: Report): void {
  const value = slaProperties.find(({ property }) => property === 'endOfLife')?.value;
  if (!DAY.test(String(value)))
    report(
      [],
      `found beside ${value === undefined ? 'no endOfLife' : `endOfLife '${value}'`}, allowed: with an endOfLife among the slaProperties, such as 2027-01-31`,
    );
}

function lintKeys({ write: { mode, keys } }: Pipeline, { properties }: Table, report: Report): void {
  const primaryKey = primaryKeyOf(properties);
  if (mode === 'merge' && primaryKey.length === 0) {
    report(['write', 'mode'], "found 'merge' without a key; set primaryKey: true on the columns that identify a row");
  }
  if (keys && keys.join() !== primaryKey.join()) {
    report(['write', 'keys'], `found [${keys.join(', ')}], allowed: the primary key, [${primaryKey.join(', ')}]`);
  }
}

function lintIngest(ingest: NonNullable<Pipeline['ingest']>, odcs: OdcsContract, table: Table, report: Report): void {
  const [major] = odcs.version.split('.');
  const event = `${odcs.domain}.${table.name.replace(/_v\d+$/, '')}.v${major}`; // `orders_v2` beside `orders`
  if (ingest.event !== event)
    report(['event'], notAllowed(ingest.event, [event], 'its version is the major one of the contract'));
  if (!INGEST_FROM.includes(ingest.from))
    report(['from'], notAllowed(ingest.from, INGEST_FROM, 'no runner owns it yet'));
  lintIngestKey(ingest.key, table.properties, at(report, 'key'));
}

/** The key routes events of one thing to one shard, and tells silver which rows an event replaces. */
function lintIngestKey(key: string, properties: readonly Property[], report: Report): void {
  const candidates = properties.filter(({ required, items, properties: members }) => required && !items && !members);
  if (candidates.some(({ name }) => name === key)) return;
  report(
    [],
    notAllowed(
      key,
      candidates.map(({ name }) => name),
      'a key is one required value',
    ),
  );
}
