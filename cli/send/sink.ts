import type { Outgoing, PackedRecord } from './pack-records.ts';

/** What takes events, packed into records of its own form. */
export interface Sink {
  pack(events: readonly Outgoing[]): PackedRecord[];
  put(records: readonly PackedRecord[]): Promise<void>;
}
