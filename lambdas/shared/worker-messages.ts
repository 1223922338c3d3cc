import type { BinaryFormat } from '../../lib/files/binary-file.ts';
import type { Part, RowBlock } from '../../lib/files/file-rows.ts';

/** What a worker is started for. */
export type WorkerTask = { readonly format: BinaryFormat; readonly size: number } & (
  | { readonly type: 'Plan'; readonly partBytes: number }
  | { readonly type: 'Rows'; readonly part: Part }
);

export type FromWorker =
  | { readonly type: 'Read'; readonly id: number; readonly from: number; readonly to: number }
  | { readonly type: 'Parts'; readonly parts: readonly Part[] }
  | { readonly type: 'Block'; readonly block: RowBlock }
  | { readonly type: 'Unreadable'; readonly reason: string }
  | { readonly type: 'Done' };

export type ToWorker =
  | { readonly type: 'Bytes'; readonly id: number; readonly bytes: Uint8Array }
  /** One block at a time: a worker that reads ahead fills the memory. */
  | { readonly type: 'Next' };
