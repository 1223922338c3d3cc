import { DeleteObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { FolderRemover } from './ports.ts';
import { placeInS3 } from './s3-stores.ts';

/** Folders of a bucket, which are what begins with their name. */
export class S3FolderRemover implements FolderRemover {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async remove(uri: string): Promise<void> {
    const { Bucket, Key } = placeInS3(`${uri.replace(/\/$/, '')}/`);
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, { Bucket, Prefix: Key }))
      await Promise.all(Contents.map((each) => this.client.send(new DeleteObjectCommand({ Bucket, Key: each.Key }))));
  }
}
