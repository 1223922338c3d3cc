import type {
  BatchQueue,
  EvidenceStore,
  HandOvers,
  JsonStore,
  QueueDepth,
  StagingStore,
} from '../../../lambdas/shared/ports.ts';
import type { HandOver } from '../../../lib/landing/hand-over.ts';
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
export class MemoryQueue implements BatchQueue, QueueDepth {
  readonly batches: StagedBatch[] = [];
  isDown = false;

  async send(batches: readonly StagedBatch[]): Promise<void> {
    if (this.isDown) throw new Error('SQS is down');
    const known = new Set(this.batches.map((batch) => JSON.stringify(batch)));
    this.batches.push(...batches.filter((batch) => !known.has(JSON.stringify(batch))));
  }

  async depth(): Promise<number> {
    return this.batches.length;
  }
}

/** Hand-overs of one domain, by what was staged. */
export class MemoryHandOvers implements HandOvers {
  readonly items = new Map<string, HandOver>();
  now = new Date(0);

  async record(batches: readonly StagedBatch[]): Promise<void> {
    const at = this.now.toISOString();
    for (const batch of batches)
      this.items.set(batch.staged, { batch, handedOverAt: at, announcedAt: at, announcements: 0 });
  }

  async waiting(): Promise<HandOver[]> {
    return [...this.items.values()];
  }

  async countAnnouncement({ batch, announcements }: HandOver, announcedAt: string): Promise<boolean> {
    const known = this.items.get(batch.staged);
    if (known?.announcements !== announcements) return false;
    this.items.set(batch.staged, { ...known, announcements: announcements + 1, announcedAt });
    return true;
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

/** Documents by key, each written once. */
export class MemoryEvidence implements EvidenceStore {
  readonly documents = new Map<string, Uint8Array>();
  isDown = false;

  async add(key: string, bytes: Uint8Array): Promise<boolean> {
    if (this.isDown) throw new Error('S3 is down');
    if (this.documents.has(key)) return false;
    this.documents.set(key, bytes.slice());
    return true;
  }

  async read(key: string): Promise<Uint8Array> {
    const found = this.documents.get(key);
    if (!found) throw new Error(`${key}: no such document`);
    return found.slice();
  }

  async keys(prefix: string, after = ''): Promise<string[]> {
    return [...this.documents.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  }
}
