import type { BinaryFormat } from '../../lib/files/binary-file.ts';
import type { Part, RandomAccess, RowBlock } from '../../lib/files/file-rows.ts';
import type { LoadPlan } from './load-documents.ts';

/** One version of a file in the landing bucket. */
export interface LandedFile {
  readonly bucket: string;
  /** As it is, not URL-encoded. */
  readonly key: string;
  readonly size: number;
  /** Without its quotes: what tells versions of a file apart, wherever it was heard of. */
  readonly etag: string;
  /** Reads a version that was replaced since; absent where the bucket keeps none. */
  readonly versionId?: string | undefined;
}

/** What became of the rows of a file, or of a part of it. */
export interface Tally {
  readonly rows: number;
  readonly landed: number;
  readonly refused: number;
  /** Events by the table that each was meant for, as they were read: what went in, for the accounts. */
  readonly produced: Readonly<Record<string, number>>;
}

/** A part of a file that was landed to its end. */
export interface EndedPart {
  readonly index: number;
  /** Of the parts that the file was cut into. */
  readonly of: number;
  /** Of the file's arrival, as it names an account: `2026-01-31T18`. */
  readonly hour: string;
  readonly tally: Tally;
  /** Why it was not read to its end. */
  readonly reason?: string | undefined;
}

/** A part of a file that is due: sent to the queue of files for another call to land. */
export interface FilePart {
  readonly file: LandedFile;
  readonly part: Part;
  readonly index: number;
  /** Of the parts that the file was cut into. */
  readonly of: number;
  /** What an earlier call has landed of this part, which ran out of time. */
  readonly before: Tally;
}

export interface OpenFile extends RandomAccess {
  /** When S3 got it, in microseconds since 1970. */
  readonly arrivedAt: bigint;
}

/** Files in the landing bucket. */
export interface LandedFiles {
  /** Null when this version is gone: deleted, or replaced where no versions are kept. */
  open(file: LandedFile): Promise<OpenFile | null>;
}

/** The queue of files, which parts of files wait in too. */
export interface FileQueue {
  send(parts: readonly FilePart[]): Promise<void>;
}

/** A file as it lies in the landing bucket. */
export interface ListedFile extends LandedFile {
  readonly modifiedAt: Date;
}

/** Finds files whether or not S3 has told of them. */
export interface FileListing {
  /** All files below a domain's folder. */
  list(domain: string): Promise<ListedFile[]>;
}

/** Tells of files that no notification came for. */
export interface FileAnnouncer {
  /** `again` opens files that were held for a person. */
  announce(files: readonly LandedFile[], again?: boolean): Promise<void>;
}

/** Files of formats that a broken file can make run wild: read where that harms nothing else. */
export interface BinaryFiles {
  plan(format: BinaryFormat, file: RandomAccess, partBytes: number): Promise<readonly Part[]>;
  read(format: BinaryFormat, file: RandomAccess, part: Part): AsyncIterable<RowBlock>;
}

/** Copies what has to be read in any order, and comes in one only. */
export interface Spool {
  copy(content: AsyncIterable<Uint8Array>): Promise<SpooledFile>;
}

export interface SpooledFile extends RandomAccess {
  remove(): Promise<void>;
}

/** Files that are too large to be landed row by row here. */
export interface LargeFiles {
  /** Asks for a load by Spark, which records the file's end. Asking twice for the same is asking once. */
  load(plan: LoadPlan): Promise<void>;
}

/** States in which a person has to do something before the file can land. */
export type HeldState = 'parked' | 'failed';

/** `gone` when the version was deleted or replaced before it could be read. */
export type EndState = 'landed' | 'refused' | 'gone' | HeldState;

/** `open` until all parts are landed, unless a load by Spark has taken over. */
export type FileState = 'open' | 'loading' | EndState;

/** What is known of one version of a file. */
export interface FileItem extends Tally {
  readonly type: 'file';
  readonly v: 1;
  readonly domain: string;
  /** As the file's folder says. */
  readonly table: string;
  readonly uri: string;
  readonly etag: string;
  readonly versionId?: string | undefined;
  readonly size: number;
  readonly state: FileState;
  /** How many parts it is landed in; 0 until that is known. */
  readonly parts: number;
  readonly partsDone: readonly number[];
  /** ISO 8601, UTC. */
  readonly announcedAt: string;
  readonly endedAt?: string;
  /** Why it was not landed, or not to its end. */
  readonly reason?: string;
}

/** A file that waits for a person. */
export interface HeldFile {
  readonly shard: string;
  readonly file: LandedFile;
}

/** Files of a table, counted. */
export interface FileCounts {
  readonly announced: number;
  readonly ended: number;
  /** Events that ended files account for: landed and refused. */
  readonly events: number;
}

/** Remembers files by the shard that their rows are of, so that each version is landed once. */
export interface FileLedger {
  /** Records a file that is heard of for the first time; what is known of it. */
  announce(shard: string, file: LandedFile, at: string): Promise<FileItem>;
  find(shard: string): Promise<FileItem | null>;
  /** Records into how many parts a file is cut; cut in another way than before, it begins anew and counts nothing yet. */
  split(shard: string, parts: number, hour: string, at: string): Promise<void>;
  /** Records a landed part once, and what went into each table with it; what is known of the file then. */
  endPart(shard: string, part: EndedPart, at: string): Promise<FileItem>;
  /** Ends a file; one that has ended stays as it is. */
  end(shard: string, state: EndState, at: string, reason?: string): Promise<void>;
  /** All that came into this state and were not opened again, whether or not they still lie where they were put. */
  held(state: HeldState): Promise<readonly HeldFile[]>;
  /** Opens a file that a person was waited for, as if it were new; what is known of it then. */
  reopen(shard: string): Promise<FileItem>;
  /** By table. */
  counts(): Promise<ReadonlyMap<string, FileCounts>>;
}
