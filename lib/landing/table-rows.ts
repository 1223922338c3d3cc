import { createHash } from 'node:crypto';
import type { Data } from 'apache-arrow';
import type { Column } from '../contract/contract.ts';
import { tableBuilderOf } from './arrow-column.ts';
import type { Hold } from './hold-suspects.ts';
import type { StructColumn } from './nested-columns.ts';
import type { Row } from './row.ts';
import type { Position } from './staged-batch.ts';

/** The rows that were found for one table. */
export interface LandedTable {
  readonly table: string;
  readonly contractVersion: string;
  readonly columns: readonly Column[];
  readonly count: number;
  /** The rows as one Arrow struct of the columns. */
  readonly data: Data;
  /** Names exactly these events, whatever batch they came in: a retry of the same has the same. */
  readonly digest: string;
  /** First and last sequence number of each shard. */
  readonly positions: readonly Position[];
  /** Of the quarantine: tables whose events are all in it, though each by itself would have landed. */
  readonly holds?: readonly Hold[];
}

/** Columns that tell which event, or which judgement of one, a row is of; a table has three of them. */
const IDENTITY = ['_shard', '_sequence', '_event_id', 'entry_id'];

/** Gathers the rows of one table, record by record. */
export class TableRows {
  readonly builder: StructColumn;
  private readonly about: Pick<LandedTable, 'table' | 'contractVersion' | 'columns'>;
  private positions = new Map<string, Position>();
  private recordStart = 0;

  constructor(about: TableRows['about']) {
    this.about = about;
    this.builder = tableBuilderOf(about.columns);
  }

  get count(): number {
    return this.builder.length;
  }

  add(row: Row): void {
    this.builder.append(row);
  }

  /** Ends the record whose rows were added since the last one. */
  endRecord(shard: string, sequence: string): void {
    if (this.count === this.recordStart) return;
    this.recordStart = this.count;
    const { from, to } = this.positions.get(shard) ?? { from: sequence, to: sequence };
    this.positions.set(shard, { shard, from: lower(sequence, from), to: lower(sequence, to) === to ? sequence : to });
  }

  /** Takes back the rows that were added since the last record. */
  undoRecord(): void {
    this.builder.truncate(this.recordStart);
  }

  /** What was gathered since the last call. */
  drain(): LandedTable {
    const { count, about, positions } = this;
    const data = this.builder.build();
    this.positions = new Map();
    this.recordStart = 0;
    return { ...about, count, data, digest: digestOf(about, data), positions: [...positions.values()] };
  }
}

function digestOf({ columns, contractVersion }: TableRows['about'], data: Data): string {
  const hash = createHash('sha256').update(contractVersion);
  for (const [i, { name }] of columns.entries()) {
    const { values, valueOffsets, nullBitmap } = data.children[i] as Data;
    if (IDENTITY.includes(name)) for (const buffer of [valueOffsets, nullBitmap, values]) hash.update(buffer);
  }
  return hash.digest('hex');
}

/** Sequence numbers are compared as numbers: as text, 9 would come after 10. */
export const lower = (a: string, b: string): string => (BigInt(b) < BigInt(a) ? b : a);
