import { createHash } from 'node:crypto';
import type { LandedFile } from './file-ports.ts';

type Version = Pick<LandedFile, 'bucket' | 'key' | 'etag'>;

/** Names one version of a file for ever: its rows are of this shard. By its ETag, which a listing tells as well. */
export const shardOf = ({ bucket, key, etag }: Version): string =>
  `file-${createHash('sha256').update(`${bucket}/${key}@${etag}`).digest('hex').slice(0, 32)}`;

/** The reverse of `uriOf`. */
export function placeOf(uri: string): Pick<Version, 'bucket' | 'key'> {
  const [, , bucket = '', ...key] = uri.split('/');
  return { bucket, key: key.join('/') };
}

export const uriOf = ({ bucket, key }: Version): string => `s3://${bucket}/${key}`;
