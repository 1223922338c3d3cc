import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoFileLedger } from '../../../lambdas/shared/dynamo-file-ledger.ts';
import type { FileLedger } from '../../../lambdas/shared/file-ports.ts';
import { S3LandedFiles } from '../../../lambdas/shared/s3-landed-files.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryFileLedger } from '../fakes/memory-files.ts';

const config = useLocalCloud();
let tables = 0;

async function dynamoLedger(): Promise<FileLedger> {
  const client = new DynamoDBClient(config());
  const TableName = `files-${tables++}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return new DynamoFileLedger(DynamoDBDocumentClient.from(client), TableName, 'commerce');
}

const FILE = { bucket: 'landing', key: 'landing/commerce/stock_counts/a b+ü.csv', size: 10, etag: 'e1' };
const [SHARD, AT, LATER] = ['file-1', '2026-01-31T18:00:00.000Z', '2026-01-31T19:00:00.000Z'];
const tally = (landed: number, refused = 0) => ({ rows: landed + refused, landed, refused });

describe.each<[string, () => Promise<FileLedger>]>([
  ['in DynamoDB', dynamoLedger],
  ['in memory', async () => new MemoryFileLedger('commerce')],
])('the ledger of files %s', (_name, open) => {
  let ledger: FileLedger;
  beforeEach(async () => {
    ledger = await open();
  });

  test('knows a file from its first announcement on', async () => {
    expect(await ledger.find(SHARD)).toBeNull();
    const item = await ledger.announce(SHARD, FILE, AT);
    expect(item).toMatchObject({ domain: 'commerce', uri: `s3://landing/${FILE.key}`, state: 'open', announcedAt: AT });
    expect(await ledger.announce(SHARD, FILE, LATER)).toEqual(item);
    expect(await ledger.find(SHARD)).toEqual(item);
    expect((await ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 0, events: 0 });
  });

  test('counts each part once, and keeps the reason that one of them gave', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await ledger.split(SHARD, 2);
    await ledger.endPart(SHARD, 1, tally(5, 1), 'breaks off');
    await ledger.endPart(SHARD, 1, tally(5, 1));
    const item = await ledger.endPart(SHARD, 0, tally(3));
    expect(item).toMatchObject({ parts: 2, rows: 9, landed: 8, refused: 1, reason: 'breaks off', state: 'open' });
    expect([...item.partsDone].sort()).toEqual([0, 1]);
  });

  test('begins anew when a file is cut in another way, and not when it is cut in the same', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await ledger.split(SHARD, 2);
    await ledger.endPart(SHARD, 0, tally(3));
    await ledger.split(SHARD, 2);
    expect(await ledger.find(SHARD)).toMatchObject({ partsDone: [0], landed: 3 });
    await ledger.split(SHARD, 3);
    expect(await ledger.find(SHARD)).toMatchObject({ partsDone: [], landed: 0, parts: 3 });
  });

  test('ends a file once', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await ledger.split(SHARD, 1);
    await ledger.endPart(SHARD, 0, tally(3, 2));
    await ledger.end(SHARD, 'landed', LATER);
    await ledger.end(SHARD, 'refused', LATER, 'too late');
    const item = await ledger.endPart(SHARD, 1, tally(100));
    expect(item).toMatchObject({ state: 'landed', endedAt: LATER, landed: 3, refused: 2 });
    expect(item).not.toHaveProperty('reason');
    expect((await ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 5 });
  });

  test('two announcements at once are one', async () => {
    await Promise.all([ledger.announce(SHARD, FILE, AT), ledger.announce(SHARD, FILE, LATER)]);
    expect((await ledger.counts()).get('stock_counts')).toMatchObject({ announced: 1 });
  });
});

test('a file in S3 is read as the version that was announced, or not at all', async () => {
  const client = new S3Client({ ...config(), forcePathStyle: true });
  const [bucket, key] = ['landed-files', 'landing/commerce/stock_counts/a b+ü.csv'];
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const put = async (Body: string) => {
    const { ETag = '' } = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    return { bucket, key, size: Body.length, etag: ETag.replaceAll('"', '') };
  };
  const files = new S3LandedFiles(client);
  const first = await put('0123456789');
  const open = await files.open(first);
  expect(open?.size).toBe(10);
  expect(Buffer.from((await open?.read(2, 5)) ?? []).toString()).toBe('234');
  expect(Number(open?.arrivedAt) / 1000).toBeGreaterThan(Date.now() - 60_000);
  const second = await put('abc');
  expect(await files.open(first)).toBeNull();
  expect((await files.open(second))?.size).toBe(3);
  expect(await files.open({ ...second, key: 'nowhere' })).toBeNull();
});
