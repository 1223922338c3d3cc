import type { ParquetEncoder } from '../../../lib/landing/encode-parquet.ts';
import type { StagedBatch } from '../../../lib/landing/staged-batch.ts';
import { rowsOf } from '../../lib/landing/rows-of.ts';
import { MemoryQueue, MemoryStaging } from '../fakes/memory-stores.ts';

type Fields = Readonly<Record<string, unknown>>;

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

/** Staging and tables with the committer's promises: each place once in bronze, each entry once in quarantine. */
export class MemoryLake {
  readonly store = new MemoryStaging();
  readonly queue = new MemoryQueue();
  readonly tables = new Map<string, Fields[]>();
  readonly encode: ParquetEncoder = (table) => Buffer.from(JSON.stringify(rowsOf(table), plain));

  rows(table: string): readonly Fields[] {
    return this.tables.get(table) ?? [];
  }

  /** Commits messages, in any order and as often as they come. */
  commit(batches: readonly StagedBatch[] = this.queue.batches): void {
    for (const { table, staged } of batches) {
      const known = this.tables.get(table) ?? [];
      const names = new Set(known.map(nameOf));
      const rows: Fields[] = JSON.parse(String(Buffer.from(this.store.files.get(staged.slice(13)) ?? [])));
      this.tables.set(table, [...known, ...rows.filter((row) => !names.has(nameOf(row)))]);
    }
  }

  /** Where an event of the quarantine stands. */
  latest(table: string): readonly Fields[] {
    const byId = new Map<unknown, Fields>();
    for (const row of this.rows(table)) {
      const known = byId.get(row.quarantine_id);
      if (!known || Number(row.attempts) > Number(known.attempts)) byId.set(row.quarantine_id, row);
    }
    return [...byId.values()];
  }
}

const nameOf = (row: Fields): string => String(row.entry_id ?? `${row._shard}:${row._sequence}`);
