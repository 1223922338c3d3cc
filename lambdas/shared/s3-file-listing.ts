import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { FileListing, ListedFile } from './file-ports.ts';

/** The files of a domain in the landing bucket, in their newest versions. */
export class S3FileListing implements FileListing {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.client = client;
    this.bucket = bucket;
  }

  async list(domain: string): Promise<ListedFile[]> {
    const found: ListedFile[] = [];
    const request = { Bucket: this.bucket, Prefix: `landing/${domain}/` };
    // A key that ends in a slash is a folder that the console made.
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, request))
      for (const { Key, Size = 0, ETag = '', LastModified } of Contents)
        if (Key && LastModified && !Key.endsWith('/'))
          found.push({
            bucket: this.bucket,
            key: Key,
            size: Size,
            etag: ETag.replaceAll('"', ''),
            modifiedAt: LastModified,
          });
    return found;
  }
}
