import { type Contract, tableId } from '../../lib/contract/contract.ts';
import type { Compression } from '../../lib/files/sniff-file.ts';
import { quarantineTableOf } from '../../lib/landing/staged-batch.ts';
import { BRONZE_COLUMNS, QUARANTINE_COLUMNS } from '../../lib/landing/system-columns.ts';
import type { LandedFile, OpenFile } from '../shared/file-ports.ts';
import { shardOf, uriOf } from '../shared/file-shard.ts';
import { type LoadContract, type LoadPlan, loadUri } from '../shared/load-documents.ts';
import type { FileTable } from './route-file.ts';

/** A file that is too large to be landed here, and how it is read. */
export interface LargeFile {
  readonly file: LandedFile;
  readonly open: Pick<OpenFile, 'arrivedAt'>;
  readonly table: FileTable;
  readonly compression: Compression;
}

export type LoadDecision =
  | { readonly type: 'FileLoadable'; readonly plan: LoadPlan }
  | { readonly type: 'FileUnloadable'; readonly reason: string };

export type LoadPlanner = (large: LargeFile) => LoadDecision;

export interface LoadPlannerSettings {
  readonly domain: string;
  readonly landingBucket: string;
  readonly tokenSecretArn: string;
  readonly eventIdSecretArn: string;
  readonly quarantineKeyArn: string;
}

/** Plans loads as of the contracts of now. */
export function loadPlanner(settings: LoadPlannerSettings, contracts: readonly Contract[]): LoadPlanner {
  const { domain, landingBucket, tokenSecretArn, eventIdSecretArn, quarantineKeyArn } = settings;
  const taking = contracts.filter(({ layer }) => layer === 'bronze').flatMap(loadContractOf);
  return (large) => {
    const { file, open, table, compression } = large;
    const obstacle = obstacleOf(large);
    if (obstacle) return { type: 'FileUnloadable', reason: `the file has ${file.size} bytes: ${obstacle}` };
    const shard = shardOf(file);
    const plan: LoadPlan = {
      version: 1,
      domain,
      table: tableId(table.contract),
      uri: uriOf(file),
      shard,
      size: file.size,
      arrivedMicros: Number(open.arrivedAt),
      compression,
      form: table.form,
      source: table.contract.ingest?.source,
      contracts: taking,
      bronzeColumns: BRONZE_COLUMNS,
      quarantineColumns: QUARANTINE_COLUMNS,
      quarantine: quarantineTableOf(domain),
      staged: `s3://${landingBucket}/staged/`,
      results: loadUri(landingBucket, domain, 'results', shard),
      tokenSecretArn,
      eventIdSecretArn,
      quarantineKeyArn,
    };
    return { type: 'FileLoadable', plan };
  };
}

const loadContractOf = (contract: Contract): LoadContract[] => {
  const { version, ingest, columns } = contract;
  return ingest ? [{ id: tableId(contract), version, event: ingest.event, columns }] : [];
};

/** Why Spark cannot load it: the same rules as in `spark-jobs/shared/load_plan.py`. */
function obstacleOf({ file: { key }, table: { form }, compression }: LargeFile): string | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (form.format !== 'csv' && form.format !== 'jsonl')
    return `a large file of ${form.format} cannot be loaded; write smaller files, and do not compress them as a whole`;
  if (form.encoding === 'utf-16le') return 'large UTF-16 text cannot be loaded; write it as utf-8';
  if (compression === 'zstd') return 'large zstd data cannot be loaded; write it plain, as gzip or in smaller files';
  // Spark goes by the name alone, and passes over names of its own kind of hidden files.
  if ((compression === 'gzip') !== name.endsWith('.gz'))
    return `a large file is loaded by its name; end it in .gz when, and only when, it is gzip data`;
  if (/^[_.]/.test(name)) return `Spark passes over names that begin with ${name[0]}; name it otherwise`;
  return undefined;
}
