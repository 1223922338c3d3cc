import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoFileLedger } from '../../../lambdas/shared/dynamo-file-ledger.ts';
import { DynamoLoadLedger } from '../../../lambdas/shared/dynamo-load-ledger.ts';
import type { FileLedger } from '../../../lambdas/shared/file-ports.ts';
import type { LoadLedger } from '../../../lambdas/shared/load-ports.ts';
import { S3LandedFiles } from '../../../lambdas/shared/s3-landed-files.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryFileLedger, MemoryLoadLedger } from '../fakes/memory-files.ts';

const config = useLocalCloud();
let tables = 0;

/** A ledger of files, and what its table holds of what went in: by table and hour. */
interface Opened {
  readonly ledger: FileLedger;
  readonly loads: LoadLedger;
  produced(): Promise<Record<string, number>>;
}

async function dynamoLedger(): Promise<Opened> {
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
  const documents = DynamoDBDocumentClient.from(client);
  const produced = async () => {
    const { Items = [] } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
    const accounts = Items.filter(({ type }) => type === 'account');
    return Object.fromEntries(
      accounts.map(({ pk, sk, producedInFiles }) => [
        `${pk.replace('TABLE#', '')} ${sk.replace('HOUR#', '')}`,
        producedInFiles,
      ]),
    );
  };
  const place = [documents, TableName, 'commerce'] as const;
  return { ledger: new DynamoFileLedger(...place), loads: new DynamoLoadLedger(...place), produced };
}

function memoryLedger(): Opened {
  const ledger = new MemoryFileLedger('commerce');
  const produced = async () => Object.fromEntries(ledger.produced);
  return { ledger, loads: new MemoryLoadLedger(ledger), produced };
}

const FILE = { bucket: 'landing', key: 'landing/commerce/stock_counts/a b+ü.csv', size: 10, etag: 'e1' };
const [SHARD, AT, LATER] = ['file-1', '2026-01-31T18:00:00.000Z', '2026-01-31T19:00:00.000Z'];
const [STOCK, UNKNOWN, HOUR] = ['commerce.bronze.stock_counts', 'commerce.unknown', '2026-01-31T17'];
/** A part of two, of which so many rows landed, and so many were meant for no table. */
const part = (
  index: number,
  landed: number,
  { refused = 0, of = 2, reason = undefined as string | undefined } = {},
) => ({
  index,
  of,
  hour: HOUR,
  tally: {
    rows: landed + refused,
    landed,
    refused,
    produced: { ...(landed > 0 && { [STOCK]: landed }), ...(refused > 0 && { [UNKNOWN]: refused }) },
  },
  reason,
});

describe.each<[string, () => Promise<Opened>]>([
  ['in DynamoDB', dynamoLedger],
  ['in memory', async () => memoryLedger()],
])('the ledger of files %s', (_name, open) => {
  let ledger: FileLedger;
  let loads: LoadLedger;
  let produced: Opened['produced'];
  const split = (parts: number) => ledger.split(SHARD, parts, HOUR, AT);
  const endPart = (...args: Parameters<typeof part>) => ledger.endPart(SHARD, part(...args), LATER);
  beforeEach(async () => {
    ({ ledger, loads, produced } = await open());
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
    await split(2);
    await endPart(1, 5, { refused: 1, reason: 'breaks off' });
    await endPart(1, 5, { refused: 1 });
    const item = await endPart(0, 3);
    expect(item).toMatchObject({ parts: 2, rows: 9, landed: 8, refused: 1, reason: 'breaks off', state: 'open' });
    expect([...item.partsDone].sort()).toEqual([0, 1]);
    expect(await produced()).toEqual({ [`${STOCK} ${HOUR}`]: 8, [`${UNKNOWN} ${HOUR}`]: 1 });
  });

  test('counts parts that end at the same time, and those that come twice then, once each', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await split(6);
    const numbers = Array.from({ length: 18 }, (_, n) => n % 6);
    await Promise.all(numbers.map((index) => endPart(index, index + 1, { of: 6 })));
    expect(await ledger.find(SHARD)).toMatchObject({ rows: 21, landed: 21, produced: { [STOCK]: 21 } });
    expect(await produced()).toEqual({ [`${STOCK} ${HOUR}`]: 21 });
  });

  test('begins anew when a file is cut in another way, and not when it is cut in the same', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await split(2);
    await endPart(0, 3);
    await split(2);
    expect(await ledger.find(SHARD)).toMatchObject({ partsDone: [0], landed: 3 });
    await split(3);
    expect(await ledger.find(SHARD)).toMatchObject({ partsDone: [], landed: 0, parts: 3 });
    expect(await produced()).toEqual({ [`${STOCK} ${HOUR}`]: 0 });
    await endPart(1, 100, { of: 2 });
    await endPart(0, 2, { of: 3 });
    expect(await ledger.find(SHARD)).toMatchObject({ partsDone: [0], landed: 2 });
    expect(await produced()).toEqual({ [`${STOCK} ${HOUR}`]: 2 });
  });

  test('ends a file once', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await split(2);
    await endPart(0, 3, { refused: 2 });
    await ledger.end(SHARD, 'landed', LATER);
    await ledger.end(SHARD, 'refused', LATER, 'too late');
    const item = await endPart(1, 100);
    expect(item).toMatchObject({ state: 'landed', endedAt: LATER, landed: 3, refused: 2 });
    expect(item).not.toHaveProperty('reason');
    expect((await ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 5 });
    expect(await produced()).toEqual({ [`${STOCK} ${HOUR}`]: 3, [`${UNKNOWN} ${HOUR}`]: 2 });
  });

  test('lists the files that were parked, and no others', async () => {
    const [small, { versionId: _, ...large }] = [
      { ...FILE, etag: 'e2' },
      { ...FILE, versionId: 'v1' },
    ];
    for (const [shard, file] of [
      [SHARD, { ...FILE, versionId: 'v1' }],
      ['file-2', small],
    ] as const)
      await ledger.announce(shard, file, AT);
    expect(await ledger.held('parked')).toEqual([]);
    await ledger.end(SHARD, 'parked', LATER, 'too large');
    await ledger.end('file-2', 'landed', LATER);
    await ledger.end('file-2', 'parked', LATER);
    expect(await ledger.held('parked')).toEqual([{ shard: SHARD, file: large }]);
    expect(await ledger.held('failed')).toEqual([]);
  });

  test.each(['parked', 'failed'] as const)('opens a file that is %s as if it were new', async (state) => {
    await ledger.announce(SHARD, FILE, AT);
    await ledger.end(SHARD, state, LATER, 'a person has to see to it');
    expect(await ledger.reopen(SHARD)).toEqual(expect.objectContaining({ state: 'open', announcedAt: AT }));
    expect(await ledger.reopen(SHARD)).not.toHaveProperty('reason');
    expect(await ledger.held(state)).toEqual([]);
    expect((await ledger.counts()).get('stock_counts')).toMatchObject({ announced: 1, ended: 0 });
  });

  test('opens no file that has landed', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await ledger.end(SHARD, 'landed', LATER);
    expect(await ledger.reopen(SHARD)).toMatchObject({ state: 'landed', endedAt: LATER });
    expect((await ledger.counts()).get('stock_counts')).toMatchObject({ announced: 1, ended: 1 });
  });

  test('a load takes over an open file once, and ends with the file', async () => {
    await ledger.announce(SHARD, FILE, AT);
    expect(await loads.request(SHARD, AT)).toBe(true);
    expect(await loads.request(SHARD, LATER)).toBe(false);
    expect(await ledger.find(SHARD)).toMatchObject({ state: 'loading' });
    expect(await loads.active()).toEqual([{ shard: SHARD, requestedAt: AT, attempt: 1 }]);
    await split(1);
    const item = await ledger.endPart(SHARD, part(0, 5, { of: 1 }), LATER);
    await ledger.end(SHARD, 'landed', LATER);
    expect(item).toMatchObject({ state: 'loading', landed: 5, partsDone: [0] });
    expect(await loads.active()).toEqual([]);
    expect(await loads.request(SHARD, LATER)).toBe(false);
    expect((await ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 5 });
    expect(await produced()).toEqual({ [`${STOCK} ${HOUR}`]: 5 });
  });

  test('keeps the job of the latest attempt, and loads in the order of their requests', async () => {
    const later = 'file-0';
    for (const shard of [SHARD, later]) await ledger.announce(shard, FILE, AT);
    await loads.request(SHARD, AT);
    await loads.request(later, LATER);
    const load = { shard: SHARD, requestedAt: AT, attempt: 2, jobRunId: 'job-2' };
    await loads.recordJob(load);
    await loads.recordJob({ ...load, attempt: 1, jobRunId: 'job-1' });
    expect(await loads.active()).toEqual([load, { shard: later, requestedAt: LATER, attempt: 1 }]);
  });

  test('records no job for a load that has ended', async () => {
    await ledger.announce(SHARD, FILE, AT);
    await loads.request(SHARD, AT);
    await ledger.end(SHARD, 'failed', LATER, 'no memory');
    await loads.recordJob({ shard: SHARD, requestedAt: AT, attempt: 1, jobRunId: 'job-1' });
    expect(await loads.active()).toEqual([]);
    expect((await ledger.held('failed')).map(({ shard }) => shard)).toEqual([SHARD]);
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
