import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { AccountItems } from '../../../lambdas/shared/account-items.ts';
import { CloudWatchGauges } from '../../../lambdas/shared/cloudwatch-gauges.ts';
import { DynamoWatchLedger } from '../../../lambdas/shared/dynamo-watch-ledger.ts';
import { NamedLetters } from '../../../lambdas/shared/named-letters.ts';
import type { WatchLedger } from '../../../lambdas/shared/watch-ports.ts';
import type { Watch } from '../../../lib/watchdog/watch.ts';
import { NOW, taken } from '../../lib/watchdog/snapshots.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryWatchLedger } from '../fakes/memory-watch-ledger.ts';

const config = useLocalCloud();
let tables = 0;

async function createTable(): Promise<[DynamoDBDocumentClient, string]> {
  const client = new DynamoDBClient(config());
  const TableName = `ledger-${tables++}`;
  const key = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  await client.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [key('pk'), key('sk')] },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return [DynamoDBDocumentClient.from(client), TableName];
}

const watch = (at: string): Watch => ({ type: 'watch', v: 1, at, findings: [], unknown: ['a thing'], remedies: [] });
const scores = (date: string, product: number) => ({ type: 'score', v: 1, date, product, tables: {} }) as const;

describe.each<[string, () => Promise<WatchLedger>]>([
  ['in DynamoDB', async () => new DynamoWatchLedger(...(await createTable()), 'shop')],
  ['in memory', async () => new MemoryWatchLedger()],
])('what the watchdog remembers %s', (_name, open) => {
  let ledger: WatchLedger;
  beforeEach(async () => {
    ledger = await open();
  });

  test('looks are kept, newest first, and of scores one a day', async () => {
    for (const at of ['2026-11-26T16:30:00.000Z', NOW]) await ledger.recordWatch(watch(at));
    expect(await ledger.watches(1)).toEqual([watch(NOW)]);
    await ledger.recordScores(scores('2026-11-25', 80), NOW);
    await ledger.recordScores(scores('2026-11-26', 85), NOW);
    await ledger.recordScores(scores('2026-11-26', 90), NOW);
    expect(await ledger.scores(9)).toEqual([scores('2026-11-26', 90), scores('2026-11-25', 80)]);
  });

  test('a remedy is taken once, and no more of a kind in a day than its limit, however many look at once', async () => {
    const results = await Promise.all(['a', 'b', 'c', 'a'].map((about) => ledger.take(taken('redrive', about), 2)));
    expect(results.filter(Boolean)).toHaveLength(2);
    expect(await ledger.take(taken('redrive', 'd', '2026-11-27T00:00:00.000Z'), 2)).toBe(true);
    const names = (await ledger.remedies()).map(({ about }) => about);
    expect([new Set(names).size, names.includes('d')]).toEqual([3, true]);
    expect(await ledger.take(taken('redrive', 'd', '2026-11-28T00:00:00.000Z'), 2)).toBe(false);
    expect(await ledger.take(taken('restart-run', 'd'), 0)).toBe(false);
    expect(await ledger.take(taken('restart-run', 'd'), 1)).toBe(true);
  });
});

test('every item of the watchdog has a type, a version and a day on which it is forgotten', async () => {
  const [client, table] = await createTable();
  const ledger = new DynamoWatchLedger(client, table, 'shop');
  await ledger.recordWatch(watch(NOW));
  await ledger.recordScores(scores('2026-11-26', 90), NOW);
  await ledger.take(taken('restart-run', 'r'), 1);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  const days = (Date.parse(NOW) / 1000) | 0;
  expect(
    Items.map(({ sk, type, v, expiresAt }) => [sk, type, v, Math.round((expiresAt - days) / 86_400)]).sort(),
  ).toEqual([
    ['REMEDIES#2026-11-26#restart-run', 'remedies', 1, 90],
    ['REMEDY#restart-run#r', 'remedy', 1, 90],
    ['SCORE#2026-11-26', 'score', 1, 400],
    [`WATCH#${NOW}`, 'watch', 1, 30],
  ]);
});

test('arrivals are the last two days, the same hours of eight weeks, and the first hour of all', async () => {
  const [client, table] = await createTable();
  const hours = ['2026-01-05T10', '2026-10-08T16', '2026-11-19T13', '2026-11-19T14', '2026-11-25T09', '2026-11-26T17'];
  for (const [index, hour] of hours.entries())
    await client.send(
      new PutCommand({
        TableName: table,
        Item: {
          pk: 'TABLE#t',
          sk: `HOUR#${hour}`,
          produced: index,
          producedInFiles: 10,
          landed: 3,
          quarantined: 2,
          changedAt: NOW,
        },
      }),
    );
  const { hours: found, firstHour } = await new AccountItems(client, table).arrivals('t', NOW);
  expect(firstHour).toBe('2026-01-05T10');
  expect(found.toSorted((a, b) => a.hour.localeCompare(b.hour))).toEqual(
    [1, 3, 4, 5].map((index) => ({ hour: hours[index], produced: 10 + index, landed: 3, refused: 2 })),
  );
  expect(await new AccountItems(client, table).arrivals('other', NOW)).toEqual({ hours: [], firstHour: null });
});

test('the iterator age is the most of the last hour; without a figure nothing is known', async () => {
  const client = new CloudWatchClient(config());
  const at = new Date();
  expect(await new CloudWatchGauges(client, 'land').iteratorAge(at)).toBeNull();
  const MetricData = [
    [100, 'land', 30],
    [7000, 'land', 10],
    [90_000, 'land', 120],
    [80_000, 'other', 10],
  ].map(([Value, name, minutes]) => ({
    ...{ MetricName: 'IteratorAge', Value: Number(Value), Unit: 'Milliseconds' as const },
    Dimensions: [{ Name: 'FunctionName', Value: String(name) }],
    Timestamp: new Date(at.getTime() - Number(minutes) * 60_000),
  }));
  await client.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData }));
  expect(await new CloudWatchGauges(client, 'land').iteratorAge(at)).toBe(7000);
});

test('dead letters are found by the name of their queue, and no more are sent back than may be', async () => {
  const sqs = new SQSClient(config());
  const create = async (name: string) => (await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl;
  const [source, url] = [await create('sluice-test-shop-files'), await create('sluice-test-shop-files-dead-letters')];
  for (const MessageBody of ['a', 'b', 'b', 'c', 'd'])
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  const letters = new NamedLetters(
    { sqs, lambda: new LambdaClient(config()) },
    'sluice-test-shop-',
    'files-dead-letters',
  );
  expect([letters.name, await letters.look()]).toMatchObject(['files', { waiting: 5 }]);
  const seen = new Set<string>();
  const mayTake = async (hash: string) => hash.length === 64 && !seen.has(hash) && seen.add(hash) !== undefined;
  const { redriven, left } = await letters.redrive({ most: 4, mayTake });
  expect(redriven + left.length).toBe(4);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: source, MaxNumberOfMessages: 10 }));
  expect([Messages.length, new Set(Messages.map(({ Body }) => Body)).size]).toEqual([redriven, redriven]);
  expect(await letters.look()).toMatchObject({ waiting: 5 - redriven });
  const missing = new NamedLetters(
    { sqs, lambda: new LambdaClient(config()) },
    'sluice-test-other-',
    'files-dead-letters',
  );
  await expect(missing.look()).rejects.toThrow();
}, 20_000);
