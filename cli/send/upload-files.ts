import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { shardOf } from '../../lambdas/shared/file-shard.ts';
import type { Platform } from '../shared/platform.ts';
import type { Tell } from '../shared/progress.ts';

/** Puts files where those of a table land, and notes each in the ledger, so that `wait` waits for it. */
export async function uploadFiles(
  platform: Platform,
  { domain, table }: { readonly domain: string; readonly table: string },
  files: readonly string[],
  tell: Tell,
): Promise<string[]> {
  const client = new S3Client({ forcePathStyle: true });
  const bucket = platform.settings.get('storage/landing-bucket');
  const uris: string[] = [];
  for (const file of files) {
    const key = `landing/${domain}/${table}/${path.basename(file)}`;
    const { size } = await stat(file);
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size });
    const { ETag = '' } = await client.send(put);
    const landed = { bucket, key, size, etag: ETag.replaceAll('"', '') };
    await platform.files(domain).announce(shardOf(landed), landed, new Date().toISOString());
    uris.push(`s3://${bucket}/${key}`);
    tell(key);
  }
  return uris;
}
