/** Refused rows of one silver table that the next run is to judge again: a document, and that it waits. */
export interface Replay {
  readonly table: string;
  /** Of the `ReplayDocument`. */
  readonly uri: string;
}

/** What a run needs of each row: its event lies in bronze, so its place is enough, and its entry tells what to keep. */
export interface ReplayDocument {
  readonly version: 1;
  readonly table: string;
  readonly entries: readonly ReplayEntry[];
}

export interface ReplayEntry {
  readonly quarantineId: string;
  readonly attempts: number;
  /** Microseconds since 1970. */
  readonly firstSeen: number;
  readonly gate: string;
  readonly reasons: readonly string[];
  readonly rules: readonly string[];
  readonly contractVersion: string | null;
  readonly eventId: string | null;
  readonly source: string | null;
  readonly runId: string | null;
  readonly shard: string;
  readonly sequence: string;
  /** ISO 8601. */
  readonly ingestDate: string;
}
