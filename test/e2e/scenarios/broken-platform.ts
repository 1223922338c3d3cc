import { readFileSync } from 'node:fs';
import { KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { KmsDataKeys } from '../../../lambdas/shared/kms-data-keys.ts';
import { S3StagingStore } from '../../../lambdas/shared/s3-stores.ts';
import { SqsBatchQueue } from '../../../lambdas/shared/sqs-batch-queue.ts';
import { stageAll } from '../../../lambdas/shared/stage-tables.ts';
import { parquetEncoder } from '../../../lib/landing/encode-parquet.ts';
import { compileLanding } from '../../../lib/landing/landing.ts';
import type { Place } from '../../../lib/landing/place.ts';
import { sealerOf } from '../../../lib/landing/seal.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

const WASM = new URL('../../../node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm', import.meta.url);

/** What went wrong before a person came: made with the platform's own parts, at its own places. */
export class BrokenPlatform {
  constructor(private readonly platform: PlatformUnderTest) {}

  /** An event arrives before its contract is deployed. With `late` its staged file is not there yet. */
  async refuseUnknown(event: object, place: Place, { late = false } = {}): Promise<{ repair(): Promise<unknown> }> {
    const config = this.platform.client();
    const key = await new KmsDataKeys(new KMSClient(config), 'commerce').create(
      await this.platform.parameter('storage/quarantine-key-arn'),
    );
    const gate = compileLanding('commerce', [], (text) => text, sealerOf(key));
    gate.takeEvent(event, place);
    const kept: [string, Uint8Array][] = [];
    const store = new S3StagingStore(new S3Client(config), await this.platform.parameter('storage/landing-bucket'));
    const lateStore = {
      put: async (name: string, bytes: Uint8Array) => {
        kept.push([name, bytes]);
        return `s3://${await this.platform.parameter('storage/landing-bucket')}/${name}`;
      },
    };
    await stageAll(gate.drain(), {
      encode: parquetEncoder(readFileSync(WASM)),
      store: late ? lateStore : store,
      queue: new SqsBatchQueue(new SQSClient(config), await this.platform.parameter('commerce/commit-queue-url')),
      ordered: false,
      accountedBefore: true,
    });
    return { repair: () => Promise.all(kept.map(([name, bytes]) => store.put(name, bytes))) };
  }

  /** The stream gives up on a record, and parks it as Lambda does. */
  async park(event: object, sequenceNumber: string): Promise<void> {
    const uri = new URL(await this.platform.parameter('commerce/on-failure-uri'));
    const data = Buffer.from(JSON.stringify(event)).toString('base64');
    const kinesis = { sequenceNumber, data, approximateArrivalTimestamp: 1298973600.5 };
    const payload = JSON.stringify({ Records: [{ eventID: `shardId-000000000009:${sequenceNumber}`, kinesis }] });
    const Key = `${uri.pathname.slice(1)}shardId-000000000009/2011/03/01/2011-03-01T10.00.00-${sequenceNumber}`;
    const Body = JSON.stringify({ requestContext: { condition: 'RetryAttemptsExhausted' }, payload });
    await new S3Client(this.platform.client()).send(new PutObjectCommand({ Bucket: uri.host, Key, Body }));
  }
}
