/** A staged Parquet file that waits for its commit: the message in the queue between staging and `commit-batches`. */
export interface StagedBatch {
  readonly version: 1;
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  /** One Parquet file, or a folder of them when it ends in `/`. */
  readonly staged: string;
  readonly rows: number;
  /** Events that this batch accounts for; 0 when they were accounted for before. */
  readonly events: number;
  readonly contractVersion: string;
  /** True when rows arrive in the order of their shards, so that a shard's position tells what is committed. */
  readonly ordered: boolean;
  /** First and last sequence number of each shard, as decimal text; empty for what never was in the order of a shard. */
  readonly positions: readonly Position[];
  /** What makes a batch without positions count once: committed when the table has this version or a later one. */
  readonly txn?: { readonly appId: string; readonly version: number };
  /** How often it was announced before; absent in the first message. */
  readonly announcement?: number;
}

export interface Position {
  readonly shard: string;
  readonly from: string;
  readonly to: string;
}

/** The table that holds what a domain's gates refused. */
export const quarantineTableOf = (domain: string): string => `${domain}.ops.quarantine`;
