import { createHash } from 'node:crypto';
import type { LandedFile } from './file-ports.ts';

type Version = Pick<LandedFile, 'bucket' | 'key' | 'etag'>;

/** Names one version of a file for ever: its rows are of this shard. By its ETag, which a listing tells as well. */
export const shardOf = ({ bucket, key, etag }: Version): string =>
  `file-${createHash('sha256').update(`${bucket}/${key}@${etag}`).digest('hex').slice(0, 32)}`;

export const uriOf = ({ bucket, key }: Version): string => `s3://${bucket}/${key}`;
