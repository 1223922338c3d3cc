import {
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { EvidenceStore } from './ports.ts';

/** The evidence bucket, whose lock keeps every version. The first one written is the one that counts. */
export class S3EvidenceStore implements EvidenceStore {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.client = client;
    this.bucket = bucket;
  }

  async add(key: string, bytes: Uint8Array): Promise<boolean> {
    const place = { Bucket: this.bucket, Key: key };
    try {
      const command = { ...place, Body: bytes, ContentType: 'application/json', IfNoneMatch: '*' };
      await this.client.send(new PutObjectCommand(command));
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && TAKEN.includes(error.name)) return false;
      throw error;
    }
  }

  async read(key: string): Promise<Uint8Array> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    if (!Body) throw new Error(`s3://${this.bucket}/${key}: the object came without a body`);
    return Body.transformToByteArray();
  }

  async keys(prefix: string, after?: string): Promise<string[]> {
    const range = { Bucket: this.bucket, Prefix: prefix, StartAfter: after };
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, range))
      keys.push(...Contents.map(({ Key = '' }) => Key));
    return keys;
  }
}

/** A key that is there, and one that another writer is just writing. */
const TAKEN = ['PreconditionFailed', 'ConditionalRequestConflict'];
