import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateDatabaseCommand, CreateTableCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CloudWatchLineageLog } from '../../../lambdas/shared/cloudwatch-lineage-log.ts';
import { GlueCatalogue } from '../../../lambdas/shared/glue-catalogue.ts';
import { KmsDataKeys } from '../../../lambdas/shared/kms-data-keys.ts';
import { S3EvidenceStore } from '../../../lambdas/shared/s3-evidence-store.ts';
import { S3FolderRemover } from '../../../lambdas/shared/s3-folder-remover.ts';
import { S3DeltaVersions, S3JsonStore, S3StagingStore } from '../../../lambdas/shared/s3-stores.ts';
import { SfnExecutions } from '../../../lambdas/shared/sfn-executions.ts';
import { SqsBatchQueue } from '../../../lambdas/shared/sqs-batch-queue.ts';
import { SsmSlotPointer } from '../../../lambdas/shared/ssm-slot-pointer.ts';
import type { StagedBatch } from '../../../lib/landing/staged-batch.ts';
import type { RunEvent } from '../../../lib/lineage/run-event.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';

const config = useLocalCloud();

async function bucket(Bucket: string): Promise<S3Client> {
  const client = new S3Client(config());
  await client.send(new CreateBucketCommand({ Bucket }));
  return client;
}

test('a staged file is where its URI says', async () => {
  const client = await bucket('staging');
  const uri = await new S3StagingStore(client, 'staging').put('staged/a.parquet', new Uint8Array([1, 2]));
  expect(uri).toBe('s3://staging/staged/a.parquet');
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'staging', Key: 'staged/a.parquet' }));
  expect(await Body?.transformToByteArray()).toEqual(new Uint8Array([1, 2]));
});

test('a document is read as it was written', async () => {
  const store = new S3JsonStore(await bucket('documents'));
  const document = { name: 'Zürich', versions: [1, null] };
  await store.write('s3://documents/runs/plan.json', document);
  expect(await store.read('s3://documents/runs/plan.json')).toEqual(document);
});

test('a folder is taken away with all below it, and nothing beside it', async () => {
  const client = await bucket('folders');
  const keys = ['shop/_backfill_1/a/b.parquet', 'shop/_backfill_1/c', 'shop/_backfill_10/d'];
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: 'folders', Key, Body: 'x' }));
  for (const uri of ['s3://folders/shop/_backfill_1', 's3://folders/shop/none/'])
    await new S3FolderRemover(client).remove(uri);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'folders' }));
  expect(Contents.map(({ Key }) => Key)).toEqual(['shop/_backfill_10/d']);
});

test('evidence is written once for each key, and keys are listed in their order, from one of them on', async () => {
  const store = new S3EvidenceStore(await bucket('evidence'), 'evidence');
  const [first, second] = [new Uint8Array([1]), new Uint8Array([2])];
  expect(await store.add('shop/2.json', first)).toBe(true);
  expect(await store.add('shop/2.json', second)).toBe(false);
  const both = await Promise.all([first, second].map((bytes) => store.add('shop/1.json', bytes)));
  expect(both.toSorted()).toEqual([false, true]);
  await store.add('other/1.json', first);
  expect(await store.read('shop/2.json')).toEqual(first);
  expect(await store.keys('shop/')).toEqual(['shop/1.json', 'shop/2.json']);
  expect(await store.keys('shop/', 'shop/1.json')).toEqual(['shop/2.json']);
  await expect(store.read('shop/3.json')).rejects.toThrow(/key does not exist/);
});

test.each([['/tmp/plan.json'], ['s3://documents'], ['https://documents/plan.json']])(
  '%s is no place in S3',
  async (uri) => {
    await expect(new S3JsonStore(new S3Client(config())).read(uri)).rejects.toThrow(
      `'${uri}' is no place in S3; allowed is 's3://<bucket>/<key>'`,
    );
  },
);

test('a data key is decrypted for the domain that it was made for, and for no other', async () => {
  const client = new KMSClient(config());
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  const keys = new KmsDataKeys(client, 'commerce');
  const { plain, encrypted } = await keys.create(KeyMetadata?.Arn ?? '');
  expect(plain).toHaveLength(32);
  expect(await keys.decrypt(encrypted)).toEqual(plain);
  await expect(new KmsDataKeys(client, 'payroll').decrypt(encrypted)).rejects.toThrow('EncryptionContext');
});

describe('the latest version of a Delta table', () => {
  const name = (version: number) => String(version).padStart(20, '0');

  test('is that of its highest commit, however long the log, from whatever version it is looked for', async () => {
    const client = await bucket('bronze');
    const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: 'bronze', Key, Body: '{}' }));
    const log = 'commerce/orders/_delta_log';
    for (let first = 0; first < 1203; first += 40) {
      const commits = Array.from({ length: Math.min(40, 1203 - first) }, (_, i) => `${log}/${name(first + i)}.json`);
      await Promise.all(commits.map(put));
    }
    await Promise.all([`${log}/${name(1200)}.checkpoint.parquet`, `${log}/_last_checkpoint`].map(put));
    const versions = new S3DeltaVersions(client);
    for (const atLeast of [undefined, 0, 1, 700, 1202]) {
      expect(await versions.latest('s3://bronze/commerce/orders', atLeast)).toBe(1202);
    }
  }, 30_000);

  test('is told from that of the last commit that changed rows', async () => {
    const client = await bucket('bronze-maintained');
    const commits = [
      '{"add":{"path":"a","dataChange":true,"stats":"{}"}}',
      '{"commitInfo":{"operation":"OPTIMIZE"}}\n{"add":{"dataChange":false,"stats":"{\\"dataChange\\":true}"}}',
      '{"commitInfo":{"operation":"VACUUM END"}}',
    ];
    for (const [version, Body] of commits.entries()) {
      const Key = `commerce/orders/_delta_log/${name(version)}.json`;
      await client.send(new PutObjectCommand({ Bucket: 'bronze-maintained', Key, Body }));
    }
    const versions = new S3DeltaVersions(client);
    const uri = 's3://bronze-maintained/commerce/orders';
    expect(await versions.lastChange(uri, 2, -1)).toBe(0);
    expect(await versions.lastChange(uri, 2, 1)).toBe(1);
    // Version 3 is not in the log any more, so it may have changed rows.
    expect(await versions.lastChange(uri, 3, -1)).toBe(3);
  });

  test('is found when the table was made anew and is behind what is known', async () => {
    const client = await bucket('silver');
    const Key = `commerce/orders/_delta_log/${name(0)}.json`;
    await client.send(new PutObjectCommand({ Bucket: 'silver', Key, Body: '{}' }));
    expect(await new S3DeltaVersions(client).latest('s3://silver/commerce/orders', 9)).toBe(0);
  });

  test('is null where there is no table, also beside one whose name goes on', async () => {
    const client = await bucket('gold');
    const Key = `commerce/orders_archive/_delta_log/${name(3)}.json`;
    await client.send(new PutObjectCommand({ Bucket: 'gold', Key, Body: '{}' }));
    expect(await new S3DeltaVersions(client).latest('s3://gold/commerce/orders')).toBeNull();
    expect(await new S3DeltaVersions(client).latest('s3://gold/commerce/orders', 5)).toBeNull();
  });
});

test('batches arrive in order for their table, and once when sent twice', async () => {
  const client = new SQSClient(config());
  const { QueueUrl = '' } = await client.send(
    new CreateQueueCommand({ QueueName: 'commits.fifo', Attributes: { FifoQueue: 'true' } }),
  );
  const batches = Array.from({ length: 12 }, (_, i) => batchOf(`s3://landing/${i}.parquet`));
  const queue = new SqsBatchQueue(client, QueueUrl);
  await queue.send(batches);
  await queue.send(batches);
  expect(await receiveAll(client, QueueUrl)).toEqual(batches);
});

const batchOf = (staged: string): StagedBatch => ({
  version: 1,
  table: 'commerce.bronze.orders',
  staged,
  rows: 1,
  events: 1,
  contractVersion: '1.0.0',
  ordered: true,
  positions: [{ shard: 'shardId-000000000000', from: '1', to: '1' }],
});

async function receiveAll(client: SQSClient, QueueUrl: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (;;) {
    const request = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
    if (Messages.length === 0) return found;
    expect(Messages.every(({ Attributes }) => Attributes?.MessageGroupId === 'commerce.bronze.orders')).toBe(true);
    found.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
    for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}

test('an execution is started once for its run, and is running until it is stopped', async () => {
  const client = new SFNClient(config());
  const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } });
  const roleArn = 'arn:aws:iam::000000000000:role/run'; // what an ARN looks like; the local cloud asks for no role
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({ name: 'run', definition, roleArn }),
  );
  const executions = new SfnExecutions(client, stateMachineArn);
  const input = { runId: 'commerce-20110104t100000-0badcafe', trigger: 'a test', settleSeconds: 0 };
  expect(await executions.isRunning(input.runId)).toBe(false);
  await executions.start(input);
  await executions.start(input);
  expect(await executions.isRunning(input.runId)).toBe(true);
  await executions.stop(input.runId, 'enough');
  expect(await executions.isRunning(input.runId)).toBe(false);
});

test('a gold table is pointed elsewhere and keeps the rest of its definition', async () => {
  const client = new GlueClient(config());
  const Name = 'commerce_gold';
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
  const Columns = [{ Name: 'order_id', Type: 'string', Comment: 'The invoice.' }];
  const TableInput = {
    Name: 'gold_fact_sales',
    Description: 'Sales.',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { 'spark.sql.sources.provider': 'delta' },
    StorageDescriptor: { Location: 's3://gold/commerce/blue/gold_fact_sales', Columns },
  };
  await client.send(new CreateTableCommand({ DatabaseName: Name, TableInput }));
  const uri = 's3://gold/commerce/green/gold_fact_sales';
  await new GlueCatalogue(client).locate({ database: Name, table: 'gold_fact_sales' }, uri);
  const { Table } = await client.send(new GetTableCommand({ DatabaseName: Name, Name: 'gold_fact_sales' }));
  // Athena reads the location, Spark the path
  const SerdeInfo = { Parameters: { path: uri } };
  expect(Table).toMatchObject({ ...TableInput, StorageDescriptor: { Location: uri, Columns, SerdeInfo } });
});

test('a table that the catalogue lacks names the stack to deploy', async () => {
  const catalogue = new GlueCatalogue(new GlueClient(config()));
  await expect(catalogue.locate({ database: 'commerce_gold', table: 'missing' }, 's3://gold/x')).rejects.toThrow(
    "'commerce_gold.missing' is not in the catalogue; deploy the catalog stack first",
  );
});

test('the visible slot is kept for the next deploy', async () => {
  const client = new SSMClient(config());
  const Name = '/sluice/local/commerce/gold-slot';
  await client.send(new PutParameterCommand({ Name, Type: 'String', Value: 'blue' }));
  await new SsmSlotPointer(client, Name).set('green');
  expect((await client.send(new GetParameterCommand({ Name }))).Parameter?.Value).toBe('green');
});

test('lineage is a log stream of the run, in the order of time, also when it is written again', async () => {
  const client = new CloudWatchLogsClient(config());
  const logGroupName = '/sluice/local/lineage/commerce';
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  const log = new CloudWatchLineageLog(client, logGroupName);
  const now = Date.now();
  const at = (seconds: number) => ({ eventTime: new Date(now - seconds * 1000).toISOString() }) as RunEvent;
  await log.write('r1', [at(1), at(3)]);
  await log.write('r1', [at(0)]);
  const { events = [] } = await client.send(
    new GetLogEventsCommand({ logGroupName, logStreamName: 'r1', startFromHead: true }),
  );
  expect(events.map(({ message = '' }) => JSON.parse(message))).toEqual([at(3), at(1), at(0)]);
});
