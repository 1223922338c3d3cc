import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { placeInS3 } from '../../lambdas/shared/s3-stores.ts';
import type { Size, VersionRange } from '../../lib/plan/estimate-plan.ts';
import { type DeltaCommit, readCommit } from './delta-commit.ts';

/** So many commits of a range are read at most; a longer one is told from a sample of them. */
export const MOST_COMMITS = 50;

/** Reads single commits of tables' logs, and never as many as a log is long. */
export class DeltaLogs {
  constructor(private readonly client: S3Client) {}

  /** How much there is in the versions. Null where no commit tells it; nothing is made up. */
  async sizeOf({ uri, fromVersion, toVersion }: Omit<VersionRange, 'table'>): Promise<Size> {
    const versions = spread(fromVersion, toVersion, MOST_COMMITS);
    const commits = await Promise.all(versions.map((version) => this.commit(uri, version)));
    const found = commits.flatMap((commit) => (commit ? [commit.size] : []));
    const scale = (toVersion - fromVersion + 1) / found.length;
    const total = (of: (size: Size) => number | null): number | null => {
      const values = found.flatMap((size) => of(size) ?? []);
      const isTold = found.length > 0 && values.length === found.length;
      return isTold ? Math.round(values.reduce((sum, value) => sum + value, 0) * scale) : null;
    };
    return { rows: total(({ rows }) => rows), files: total(({ files }) => files), bytes: total(({ bytes }) => bytes) };
  }

  /** The first version up to `latest` that was committed at a time or after it; null when there is none. */
  async firstSince(uri: string, latest: number, time: number): Promise<number | null> {
    let [before, since] = [-1, latest + 1];
    while (since - before > 1) {
      const middle = Math.floor((before + since) / 2);
      // What a clean-up of the log took away is older than all that it left.
      const committedAt = (await this.commit(uri, middle))?.committedAt ?? Number.NEGATIVE_INFINITY;
      if (committedAt >= time) since = middle;
      else before = middle;
    }
    return since > latest ? null : since;
  }

  private async commit(uri: string, version: number): Promise<DeltaCommit | null> {
    const place = placeInS3(`${uri}/_delta_log/${String(version).padStart(20, '0')}.json`);
    try {
      const { Body } = await this.client.send(new GetObjectCommand(place));
      return readCommit((await Body?.transformToString()) ?? '');
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }
}

/** Whole numbers from first to last, evenly apart where there are more than `most`. */
function spread(first: number, last: number, most: number): number[] {
  const count = last - first + 1;
  if (count <= most) return Array.from({ length: count }, (_, at) => first + at);
  return Array.from({ length: most }, (_, at) => first + Math.round((at * (count - 1)) / (most - 1)));
}
