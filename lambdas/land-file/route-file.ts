import { type Contract, tableId } from '../../lib/contract/contract.ts';
import { UnreadableFileError } from '../../lib/files/file-rows.ts';
import { type Compression, compressionOf, requireFormat } from '../../lib/files/sniff-file.ts';
import { compileSource } from '../../lib/source/parse-source-mapping.ts';
import type { FileForm, SourceMapping } from '../../lib/source/source-mapping.ts';
import type { LandedFile } from '../shared/file-ports.ts';

/** How the files of a table are read. Files without a mapping hold whole CloudEvents. */
export interface FileTable {
  readonly contract: Contract;
  readonly form: FileForm;
  readonly mapping?: SourceMapping;
}

export type Decision =
  | { readonly type: 'FileAccepted'; readonly table: FileTable; readonly compression: Compression }
  | { readonly type: 'FileRefused'; readonly reason: string; readonly table?: FileTable }
  | { readonly type: 'FileTooLarge'; readonly table: FileTable; readonly compression: Compression }
  | { readonly type: 'FileEmpty' };

/** What a compressed file comes to, when it is text. */
const USUAL_RATIO = 4;
/** Cutting text takes reading all of it; Parquet and Avro are cut from one block to the next, at any usual size. */
const LARGE_BINARY_BYTES = 16 * 1024 ** 3;

/** The tables of a domain that files land in, by name. */
export function fileTables(contracts: readonly Contract[]): ReadonlyMap<string, FileTable> {
  return new Map(
    contracts.flatMap((contract) => {
      const { table, ingest } = contract;
      return ingest && isOfFiles(ingest.from) ? [[table, tableOf(contract, ingest)] as const] : [];
    }),
  );
}

const isOfFiles = (from: string): boolean => from === 'files' || from === 'firehose';

type Ingest = NonNullable<Contract['ingest']>;

function tableOf(contract: Contract, { source }: Ingest): FileTable {
  const mapping = source && compileSource(source);
  return { contract, form: mapping?.files ?? EVENTS, ...(mapping && { mapping }) };
}

/** Tells which table an event is meant for: a bronze table that takes its type, else the domain's `unknown`. */
export function destinations(domain: string, contracts: readonly Contract[]): Destinations {
  const taking = contracts.filter(({ layer }) => layer === 'bronze');
  const byType = new Map<unknown, string>(
    taking.flatMap((contract) => (contract.ingest ? [[contract.ingest.event, tableId(contract)] as const] : [])),
  );
  return (event) => byType.get((event as { readonly type?: unknown } | undefined)?.type) ?? `${domain}.unknown`;
}

/** The table that an event is meant for; nothing at all is meant for none that is known. */
export type Destinations = (event: unknown) => string;

/** As a delivery stream writes them. */
const EVENTS: FileForm = { format: 'jsonl', encoding: 'utf-8', delimiter: ',', quote: 'none' };

/** Files land under `landing/<domain>/<table>/`; one that no contract takes has no owner, so it is held. */
export function routeFile(
  { key, size }: LandedFile,
  head: Uint8Array,
  tables: ReadonlyMap<string, FileTable>,
  largeBytes: number,
): Decision {
  const table = tables.get(key.split('/')[2] ?? '');
  if (!table)
    return {
      type: 'FileRefused',
      reason: `no contract takes files below this folder; allowed are ${[...tables.keys()].join(', ')}`,
    };
  if (size === 0) return { type: 'FileEmpty' };
  try {
    const compression = compressionOf(key, head);
    if (compression === 'none') requireFormat(key, head, table.form.format);
    const isCutByBlocks = compression === 'none' && (table.form.format === 'parquet' || table.form.format === 'avro');
    const isLarge = isCutByBlocks
      ? size >= LARGE_BINARY_BYTES
      : size * (compression === 'none' ? 1 : USUAL_RATIO) >= largeBytes;
    return { type: isLarge ? 'FileTooLarge' : 'FileAccepted', table, compression };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { type: 'FileRefused', reason: error.message, table };
  }
}
