import { UnreadableFileError } from '../../lib/files/file-rows.ts';
import { SNIFF_BYTES } from '../../lib/files/sniff-file.ts';
import type { Digest } from '../../lib/source/event-digest.ts';
import { endFile, hourOf } from '../shared/end-file.ts';
import type {
  FileLedger,
  FilePart,
  FileQueue,
  LandedFile,
  LandedFiles,
  LargeFiles,
  OpenFile,
  Tally,
} from '../shared/file-ports.ts';
import { shardOf, uriOf } from '../shared/file-shard.ts';
import type { FileAnnounced, FileMessage } from './file-message.ts';
import type { LargeFile, LoadPlanner } from './plan-load.ts';
import { planParts, type Readable, type Readers, readRows, WHOLE } from './read-rows.ts';
import { type Decision, type FileTable, routeFile } from './route-file.ts';
import { eventMaker, type Gate, RowLander } from './row-lander.ts';

export interface FileLanderPorts extends Readers, Gate {
  readonly files: LandedFiles;
  readonly ledger: FileLedger;
  readonly queue: FileQueue;
  readonly large: LargeFiles;
}

export interface FileLanderSettings {
  readonly tables: ReadonlyMap<string, FileTable>;
  /** From here on a file is too large to be landed row by row. */
  readonly largeBytes: number;
  /** From here on a file is cut into parts that are landed side by side. */
  readonly partBytes: number;
  readonly planLoad: LoadPlanner;
  /** For the ids of rows. */
  readonly digest: Digest;
}

/** What is left to a call. */
export interface Clock {
  now(): string;
  /** True when the call should come to its end: the rest is for another one. */
  isShort(): boolean;
}

/** What a message came to. */
export type Outcome = 'known' | 'gone' | 'planned' | 'parked' | 'refused' | 'split' | 'handed-over' | 'landed';

const NOTHING: Tally = { rows: 0, landed: 0, refused: 0, produced: {} };

/**
 * Lands files, each version once: a file that has ended is not read again, and a row that comes again has the place it
 * had. Bad rows are quarantined one by one, a file that cannot be read as a whole or from where it breaks off.
 */
export class FileLander {
  private readonly ports: FileLanderPorts;
  private readonly settings: FileLanderSettings;

  constructor(ports: FileLanderPorts, settings: FileLanderSettings) {
    this.ports = ports;
    this.settings = settings;
  }

  take(message: FileMessage, clock: Clock): Promise<Outcome> {
    return message.type === 'FileAnnounced' ? this.landFile(message, clock) : this.landPart(message.due, clock);
  }

  private async landFile({ file, again }: FileAnnounced, clock: Clock): Promise<Outcome> {
    const { ledger, files } = this.ports;
    const shard = shardOf(file);
    const known = await ledger.announce(shard, file, clock.now());
    const { state } = again ? await ledger.reopen(shard) : known;
    if (state !== 'open') return 'known';
    const open = await files.open(file);
    if (!open) return this.lose(shard, clock);
    const decision = await this.route(file, open);
    if (decision.type === 'FileTooLarge') return this.loadFile({ file, open, ...decision }, clock);
    return this.landParts({ file, open, decision }, clock);
  }

  /** The file stays open until the load has begun: a plan that nobody heard of is made again. */
  private async loadFile(large: LargeFile, clock: Clock): Promise<Outcome> {
    const decision = this.settings.planLoad(large);
    if (decision.type === 'FileLoadable') {
      await this.ports.large.load(decision.plan);
      return 'planned';
    }
    await this.ports.ledger.end(shardOf(large.file), 'parked', clock.now(), decision.reason);
    return 'parked';
  }

  private async landParts(opened: Opened, clock: Clock): Promise<Outcome> {
    const { file, open, decision } = opened;
    const split = (parts: number) => this.ports.ledger.split(shardOf(file), parts, hourOf(open.arrivedAt), clock.now());
    const whole = { file, part: WHOLE, index: 0, of: 1, before: NOTHING };
    if (decision.type !== 'FileAccepted') {
      await split(1);
      return this.landNothing(whole, open, decision, clock);
    }
    const parts = await this.plan(readableOf(opened, decision));
    await split(parts.length);
    if (parts.length === 1) return this.landRows(whole, open, readableOf(opened, decision), clock);
    await this.ports.queue.send(parts.map((part, index) => ({ ...whole, part, index, of: parts.length })));
    return 'split';
  }

  private async landPart(due: FilePart, clock: Clock): Promise<Outcome> {
    const { ledger, files } = this.ports;
    const shard = shardOf(due.file);
    const known = await ledger.find(shard);
    // A file that was cut in another way since has other parts.
    if (known?.state !== 'open' || known.parts !== due.of) return 'known';
    // Another call may have ended between the last part and the file.
    if (known.partsDone.includes(due.index)) return endFile(ledger, shard, known, clock.now());
    const open = await files.open(due.file);
    if (!open) return this.lose(shard, clock);
    const decision = await this.route(due.file, open);
    if (decision.type !== 'FileAccepted')
      throw new Error(`file ${shard}: a part is due, but the file is now ${decision.type}`);
    return this.landRows(due, open, readableOf({ file: due.file, open, decision }, decision), clock);
  }

  private async landRows(due: FilePart, open: OpenFile, readable: Readable, clock: Clock): Promise<Outcome> {
    const rows = this.rowsOf(due, open, readable.table);
    const eventOf = eventMaker(readable.table, uriOf(due.file), this.settings.digest);
    let reason: string | undefined;
    try {
      for await (const block of readRows(readable, due.part, this.ports)) {
        await rows.take(block, eventOf);
        // Only after progress: at the end of a file there is nothing to hand over.
        if (block.bytes > 0 && clock.isShort())
          return await this.handOver(due, rows, { ...due.part, from: block.next });
      }
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      reason = error.message;
      rows.refuseFile(reason, due.index);
    }
    return this.endPart({ due, rows, open, reason }, clock);
  }

  private async landNothing(due: FilePart, open: OpenFile, decision: Decision, clock: Clock): Promise<Outcome> {
    const { reason, table } = decision.type === 'FileRefused' ? decision : {};
    const rows = this.rowsOf(due, open, table);
    if (reason !== undefined) rows.refuseFile(reason);
    return this.endPart({ due, rows, open, reason }, clock);
  }

  private async handOver(due: FilePart, rows: RowLander, part: FilePart['part']): Promise<Outcome> {
    await rows.stage();
    await this.ports.queue.send([{ ...due, part, before: rows.tally }]);
    return 'handed-over';
  }

  private async endPart({ due, rows, open, reason }: Landed, clock: Clock): Promise<Outcome> {
    await rows.stage();
    const [shard, { index, of }] = [shardOf(due.file), due];
    const part = { index, of, hour: hourOf(open.arrivedAt), tally: rows.tally, reason };
    const { ledger } = this.ports;
    return endFile(ledger, shard, await ledger.endPart(shard, part, clock.now()), clock.now());
  }

  private async lose(shard: string, clock: Clock): Promise<Outcome> {
    await this.ports.ledger.end(shard, 'gone', clock.now(), 'this version was deleted or replaced before it was read');
    return 'gone';
  }

  private async route(file: LandedFile, open: OpenFile): Promise<Decision> {
    const head = await open.read(0, Math.min(SNIFF_BYTES, open.size));
    return routeFile(file, head, this.settings.tables, this.settings.largeBytes);
  }

  /** A file that cannot even be planned is read all the same: reading is where its end is recorded. */
  private async plan(readable: Readable) {
    try {
      return await planParts(readable, this.settings.partBytes, this.ports);
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      return [WHOLE];
    }
  }

  private rowsOf({ file, before }: FilePart, { arrivedAt }: OpenFile, table?: FileTable): RowLander {
    const origin = { uri: uriOf(file), shard: shardOf(file), arrivedAt, contract: table?.contract };
    return new RowLander(this.ports, origin, before);
  }
}

/** A part whose rows were all taken. */
interface Landed {
  readonly due: FilePart;
  readonly rows: RowLander;
  readonly open: OpenFile;
  readonly reason: string | undefined;
}

interface Opened {
  readonly file: LandedFile;
  readonly open: OpenFile;
  readonly decision: Decision;
}

type Accepted = Extract<Decision, { type: 'FileAccepted' }>;

const readableOf = ({ file, open }: Opened, { table, compression }: Accepted): Readable => ({
  key: file.key,
  file: open,
  table,
  compression,
});
