import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { StreamRecord } from '../../lib/landing/landing.ts';
import { placeInS3 } from './s3-stores.ts';
import { toStreamRecord } from './stream-record.ts';

/** Lambda's own layout: `aws/lambda/<mapping>/`, then shard and date. */
const PARKED = /^aws\/lambda\//;
/** Beside it, as all that is in the folder is waiting. */
const REDRIVEN = 'redriven/';

/** The folder to which Lambda writes records that it gave up on, as invocation records with the whole payload. */
export class S3OnFailureFolder {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async read(uri: string): Promise<readonly StreamRecord[]> {
    const { Body } = await this.client.send(new GetObjectCommand(placeInS3(uri)));
    const { payload } = JSON.parse((await Body?.transformToString()) ?? '') as { payload?: string };
    if (payload === undefined) throw new Error(`${uri}: found no payload; only whole records can be redriven`);
    const { Records } = JSON.parse(payload) as { Records: readonly KinesisStreamRecord[] };
    return Records.map(toStreamRecord);
  }

  async setAside(uri: string): Promise<void> {
    const { Bucket, Key } = placeInS3(uri);
    const aside = Key.replace(PARKED, REDRIVEN);
    if (aside === Key) throw new Error(`'${uri}' is not in an on-failure folder; allowed is 'aws/lambda/<mapping>/…'`);
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
    await this.client.send(new CopyObjectCommand({ Bucket, Key: aside, CopySource }));
    await this.client.send(new DeleteObjectCommand({ Bucket, Key }));
  }
}
