import type { BatchQueue, JsonStore, StagingStore } from '../../../lambdas/shared/ports.ts';
import type { StagedBatch } from '../../../lib/landing/staged-batch.ts';

/** Staged files by key; keys that match `broken` cannot be written. */
export class MemoryStaging implements StagingStore {
  readonly files = new Map<string, Uint8Array>();
  broken = /^$/;

  async put(key: string, bytes: Uint8Array): Promise<string> {
    if (this.broken.test(key)) throw new Error('S3 is down');
    this.files.set(key, bytes);
    return `s3://landing/${key}`;
  }
}

/** A FIFO queue that drops a batch sent before. */
export class MemoryQueue implements BatchQueue {
  readonly batches: StagedBatch[] = [];
  isDown = false;

  async send(batches: readonly StagedBatch[]): Promise<void> {
    if (this.isDown) throw new Error('SQS is down');
    const known = new Set(this.batches.map((batch) => JSON.stringify(batch)));
    this.batches.push(...batches.filter((batch) => !known.has(JSON.stringify(batch))));
  }
}

/** Documents by URI. */
export class MemoryDocuments implements JsonStore {
  readonly documents = new Map<string, unknown>();

  async read(uri: string): Promise<unknown> {
    if (!this.documents.has(uri)) throw new Error(`${uri}: no such document`);
    return structuredClone(this.documents.get(uri));
  }

  async write(uri: string, document: unknown): Promise<void> {
    this.documents.set(uri, structuredClone(document));
  }
}
