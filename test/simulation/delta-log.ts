import type { Row } from '../../lib/landing/row.ts';

export interface Commit {
  readonly rows: readonly Row[];
  readonly txns: ReadonlyMap<string, bigint>;
}

/** A Delta table as a log of commits: a version is written once, and whoever comes second has to look again. */
export class DeltaLog {
  private readonly commits: Commit[] = [];
  private state = new Map<string, bigint>();
  /** The version that first held a key, and the partition that it lies in. */
  private index = new Map<string, { readonly version: number; readonly date: unknown }>();

  constructor(private readonly keyOf: (row: Row) => string) {}

  get version(): number {
    return this.commits.length - 1;
  }

  /** What the newest version says, by transaction. */
  txn(appId: string): bigint | undefined {
    return this.state.get(appId);
  }

  at(version: number): Commit | undefined {
    return this.commits[version];
  }

  /** The commits after one version, up to another. */
  between(after: number, upTo: number): readonly Commit[] {
    return this.commits.slice(after + 1, upTo + 1);
  }

  /** Whether a version holds a key in one of these partitions. */
  holds(key: string, version: number, dates: ReadonlySet<unknown>): boolean {
    const found = this.index.get(key);
    return found !== undefined && found.version <= version && dates.has(found.date);
  }

  has(key: string): boolean {
    return this.index.has(key);
  }

  rows(): Row[] {
    return this.commits.flatMap(({ rows }) => rows);
  }

  /** Puts a version if it is absent; false when it is there. */
  putIfAbsent(version: number, commit: Commit): boolean {
    if (version !== this.commits.length) return false;
    this.commits.push(commit);
    for (const [appId, value] of commit.txns) this.state.set(appId, value);
    for (const row of commit.rows) {
      const key = this.keyOf(row);
      if (!this.index.has(key)) this.index.set(key, { version, date: row._ingest_date });
    }
    return true;
  }

  /** Takes rows out of the table, in a version of its own. */
  remove(gone: ReadonlySet<Row>): void {
    for (const [i, commit] of this.commits.entries())
      this.commits[i] = { ...commit, rows: commit.rows.filter((row) => !gone.has(row)) };
  }

  /** What a store does that knows no condition. */
  overwrite(version: number, commit: Commit): void {
    const kept = this.commits.splice(0);
    kept[version] = commit;
    this.state = new Map();
    this.index = new Map();
    for (const [at, each] of kept.entries()) this.putIfAbsent(at, each);
  }
}
