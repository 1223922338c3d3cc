import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DeltaVersions, JsonStore, StagingStore } from './ports.ts';

/** Staged files in the landing bucket. */
export class S3StagingStore implements StagingStore {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.client = client;
    this.bucket = bucket;
  }

  async put(key: string, bytes: Uint8Array): Promise<string> {
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: bytes }));
    return `s3://${this.bucket}/${key}`;
  }
}

export class S3JsonStore implements JsonStore {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async read(uri: string): Promise<unknown> {
    const { Body } = await this.client.send(new GetObjectCommand(placeInS3(uri)));
    if (!Body) throw new Error(`${uri}: the object came without a body`);
    return JSON.parse(await Body.transformToString());
  }

  async write(uri: string, document: unknown): Promise<void> {
    const Body = JSON.stringify(document, null, 2);
    await this.client.send(new PutObjectCommand({ ...placeInS3(uri), Body, ContentType: 'application/json' }));
  }
}

const COMMIT = /\/(\d{20})\.(?:json|checkpoint.*)$/;

/** Lists a table's log and takes the highest version; of single commits it reads only whether they changed rows. */
export class S3DeltaVersions implements DeltaVersions {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async latest(tableUri: string, atLeast = 0): Promise<number | null> {
    // Keys sort by version, so a long log is listed from the version that is known on.
    const from = String(Math.max(0, atLeast - 1)).padStart(20, '0');
    const latest = await this.latestAfter(tableUri, from);
    return latest === null && atLeast > 0 ? this.latestAfter(tableUri, '') : latest;
  }

  /** Compaction, clean-up and new columns make versions that nobody has to read. */
  async lastChange(tableUri: string, latest: number, known: number): Promise<number> {
    let version = latest;
    while (version > known && !(await this.changesRows(tableUri, version))) version--;
    return version;
  }

  /** A commit that cannot be read may have changed rows. Within strings of a commit, quotes are escaped. */
  private async changesRows(tableUri: string, version: number): Promise<boolean> {
    const place = placeInS3(`${tableUri}/_delta_log/${String(version).padStart(20, '0')}.json`);
    try {
      const { Body } = await this.client.send(new GetObjectCommand(place));
      return (await Body?.transformToString())?.includes('"dataChange":true') ?? true;
    } catch (error) {
      if (error instanceof NoSuchKey) return true;
      throw error;
    }
  }

  private async latestAfter(tableUri: string, from: string): Promise<number | null> {
    const { Bucket, Key } = placeInS3(`${tableUri}/_delta_log/`);
    let latest: number | null = null;
    let after: string | undefined = `${Key}${from}`;
    while (after) {
      const command: ListObjectsV2Command = new ListObjectsV2Command({ Bucket, Prefix: Key, StartAfter: after });
      const { Contents = [], IsTruncated } = await this.client.send(command);
      for (const { Key: key = '' } of Contents) latest = versionOf(key) ?? latest;
      after = IsTruncated ? Contents.at(-1)?.Key : undefined;
    }
    return latest;
  }
}

function versionOf(key: string): number | undefined {
  const [, version] = COMMIT.exec(key) ?? [];
  return version === undefined ? undefined : Number(version);
}

export function placeInS3(uri: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (!Bucket || !Key) throw new Error(`'${uri}' is no place in S3; allowed is 's3://<bucket>/<key>'`);
  return { Bucket, Key };
}
