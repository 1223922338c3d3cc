import { z } from 'zod';
import type { Column } from '../../lib/contract/contract.ts';
import type { Compression } from '../../lib/files/sniff-file.ts';
import type { SourceFile } from '../../lib/source/parse-source-mapping.ts';
import type { FileForm } from '../../lib/source/source-mapping.ts';
import type { JsonStore } from './ports.ts';

/** All that a load of one file will do: written here, carried out by `spark-jobs/jobs/load.py`. */
export interface LoadPlan {
  readonly version: 1;
  readonly domain: string;
  /** Of the file's folder. */
  readonly table: string;
  readonly uri: string;
  /** That the file's rows are of. */
  readonly shard: string;
  readonly size: number;
  /** Since 1970: when S3 got the file. */
  readonly arrivedMicros: number;
  readonly compression: Compression;
  readonly form: FileForm;
  readonly source?: SourceFile | undefined;
  /** Of the domain's tables that take events. */
  readonly contracts: readonly LoadContract[];
  readonly bronzeColumns: readonly Column[];
  readonly quarantineColumns: readonly Column[];
  readonly quarantine: string;
  /** Where Parquet files go; ends in a slash. */
  readonly staged: string;
  readonly results: string;
  readonly tokenSecretArn: string;
  readonly eventIdSecretArn: string;
  readonly quarantineKeyArn: string;
}

export interface LoadContract {
  readonly id: string;
  readonly version: string;
  readonly event: string;
  readonly columns: readonly Column[];
}

const count = z.number().int().nonnegative();

const resultsSchema = z.object({
  version: z.literal(1),
  shard: z.string().min(1),
  rows: count,
  landed: count,
  refused: count,
  produced: z.array(z.object({ table: z.string().min(1), events: count })),
  staged: z.array(
    z.object({ table: z.string().min(1), staged: z.string().min(1), rows: count, contractVersion: z.string().min(1) }),
  ),
  reason: z.string().nullable(),
});

/** What became of a file's rows, as the job reports it. */
export type LoadResults = z.output<typeof resultsSchema>;

/** Plans and results lie in the landing bucket, which tells of each new object: a plan is its own announcement. */
export const loadUri = (bucket: string, domain: string, kind: 'plans' | 'results', shard: string): string =>
  `s3://${bucket}/loads/${domain}/${kind}/${shard}.json`;

/** The shard that a plan's key names. */
export function shardOfPlan(key: string): string {
  const [, shard] = /^loads\/[^/]+\/plans\/(file-[0-9a-f]+)\.json$/.exec(key) ?? [];
  if (shard === undefined) throw new Error(`'${key}' names no plan of a load; it was not written by land-file`);
  return shard;
}

/** The plan, as `land-file` wrote it. */
export const readLoadPlan = async (documents: JsonStore, uri: string): Promise<LoadPlan> =>
  (await documents.read(uri)) as LoadPlan;

/** Results of another file would be announced as this one's. */
export async function readLoadResults(documents: JsonStore, { results: uri, shard }: LoadPlan): Promise<LoadResults> {
  const found = resultsSchema.safeParse(await documents.read(uri));
  if (!found.success) throw new Error(`${uri}: no results of a load: ${z.prettifyError(found.error)}`);
  if (found.data.shard !== shard) throw new Error(`${uri}: found results of '${found.data.shard}', not of '${shard}'`);
  return found.data;
}
