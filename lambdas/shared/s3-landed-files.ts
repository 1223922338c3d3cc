import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { LandedFile, LandedFiles, OpenFile } from './file-ports.ts';

/** Files in S3, read as the version that was announced: one that was replaced meanwhile is not mixed with its successor. */
export class S3LandedFiles implements LandedFiles {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async open(file: LandedFile): Promise<OpenFile | null> {
    const version = versionOf(file);
    try {
      const { LastModified, ContentLength = 0 } = await this.client.send(new HeadObjectCommand(version));
      if (!LastModified) throw new Error(`${file.key}: the object came without the time it was written`);
      return {
        size: ContentLength,
        arrivedAt: BigInt(LastModified.getTime()) * 1000n,
        read: (from, to) => this.read(file, from, to),
      };
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }

  private async read(file: LandedFile, from: number, to: number): Promise<Uint8Array> {
    if (to <= from) return new Uint8Array();
    const command = new GetObjectCommand({ ...versionOf(file), Range: `bytes=${from}-${to - 1}` });
    const { Body } = await this.client.send(command);
    if (!Body) throw new Error(`${file.key}: the object came without a body`);
    return Body.transformToByteArray();
  }
}

const versionOf = ({ bucket, key, etag, versionId }: LandedFile) => ({
  Bucket: bucket,
  Key: key,
  IfMatch: `"${etag}"`,
  ...(versionId !== undefined && { VersionId: versionId }),
});

/** HEAD has no body, so its errors have no code but the status. */
const isGone = (error: unknown): boolean =>
  error instanceof NoSuchKey ||
  error instanceof NotFound ||
  (error instanceof S3ServiceException && [404, 412].includes(error.$metadata.httpStatusCode ?? 0));
