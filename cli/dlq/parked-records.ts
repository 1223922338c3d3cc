import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { DeadLetters, Found, Redriven } from '../../lambdas/shared/dead-letters.ts';
import { placeInS3 } from '../../lambdas/shared/s3-stores.ts';

/** What lands the records of an object and sets it aside. */
export interface RecordRedrive {
  redrive(uri: string): Promise<number>;
}

interface Parked {
  readonly uri: string;
  readonly shard: string;
  readonly at: Date | undefined;
}

/** Records that the stream gave up on: Lambda parks them whole, as objects below its mapping's folder. */
export class ParkedRecords implements DeadLetters {
  readonly name = 'on-failure';

  constructor(
    private readonly client: S3Client,
    private readonly folder: string,
    private readonly replay: RecordRedrive,
  ) {}

  async look(): Promise<Found> {
    const parked = await this.list();
    const [oldest = null] = parked.flatMap(({ at }) => at?.toISOString() ?? []).sort();
    const shards = [...new Set(parked.map(({ shard }) => shard))];
    return { waiting: parked.length, oldest, reasons: shards.map((shard) => `land-records gave up on ${shard}`) };
  }

  async redrive(): Promise<Redriven> {
    const parked = await this.list();
    for (const { uri } of parked) await this.replay.redrive(uri);
    return { redriven: parked.length, left: [] };
  }

  private async list(): Promise<Parked[]> {
    const { Bucket, Key: Prefix } = placeInS3(this.folder);
    const parked: Parked[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, { Bucket, Prefix }))
      for (const { Key = '', LastModified: at } of Contents)
        parked.push({ uri: `s3://${Bucket}/${Key}`, shard: Key.slice(Prefix.length).split('/')[0] ?? '', at });
    return parked;
  }
}
