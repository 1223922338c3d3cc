import { primaryKeyOf } from './compile-checks.ts';
import type { Layer } from './contract.ts';
import type { Place } from './contract-file.ts';
import type { OdcsContract } from './odcs-contract.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';
import type { Pipeline } from './vendor-properties.ts';

/** What a runner exists for; a way of writing, receiving or masking that nobody runs must not look deployed. */
const WRITE_MODES: Readonly<Record<Layer, readonly string[]>> = {
  bronze: ['append'],
  silver: ['merge'],
  gold: ['merge', 'rebuild'],
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
  if (layer === 'bronze' && inputs.length > 0) report(['inputs'], 'found on bronze, allowed: on silver and gold');
  if (layer === 'silver' && inputs.length !== 1)
    report(['inputs'], `found ${inputs.length} inputs, allowed: 1 on silver`);
  if (layer === 'gold' && inputs.length === 0) report(['inputs'], 'missing, allowed: the tables that the models read');
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
  const event = `${odcs.domain}.${table.name}.v${major}`;
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
