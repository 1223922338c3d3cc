import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoHandOvers } from '../../../lambdas/shared/dynamo-hand-overs.ts';
import type { HandOvers } from '../../../lambdas/shared/ports.ts';
import type { StagedBatch } from '../../../lib/landing/staged-batch.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryHandOvers } from '../fakes/memory-stores.ts';

const config = useLocalCloud();
const TABLE = 'ledger';

beforeAll(async () => {
  const [pk, sk] = ['pk', 'sk'];
  await new DynamoDBClient(config()).send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [pk, sk].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: pk, KeyType: 'HASH' },
        { AttributeName: sk, KeyType: 'RANGE' },
      ],
    }),
  );
});

const batchOf = (name: string, domain: string): StagedBatch => ({
  version: 1,
  table: `${domain}.bronze.orders`,
  staged: `s3://landing/staged/${name}.parquet`,
  rows: 1,
  events: 1,
  contractVersion: '1.0.0',
  ordered: false,
  positions: [],
  txn: { appId: 'refine:x', version: 9_007_199_254 },
});

describe.each<[string, () => HandOvers]>([
  ['in DynamoDB', () => new DynamoHandOvers(DynamoDBDocumentClient.from(new DynamoDBClient(config())), TABLE)],
  ['in memory', () => new MemoryHandOvers()],
])('hand-overs %s', (_name, open) => {
  test('are remembered whole, until they are counted on by one who knows the count', async () => {
    const handOvers = open();
    const batches = ['a', 'b'].map((name) => batchOf(name, 'commerce'));
    await handOvers.record(batches);
    const waiting = await handOvers.waiting('commerce');
    expect(waiting.map(({ batch }) => batch)).toEqual(batches);
    const [first] = waiting;
    if (!first) throw new Error('nothing waits');
    expect(first).toMatchObject({ announcements: 0, announcedAt: first.handedOverAt });
    expect(await handOvers.countAnnouncement(first, '2011-01-04T10:00:00.000Z')).toBe(true);
    expect(await handOvers.countAnnouncement(first, '2011-01-04T10:15:00.000Z')).toBe(false);
    const [counted] = await handOvers.waiting('commerce');
    expect(counted).toEqual({ ...first, announcements: 1, announcedAt: '2011-01-04T10:00:00.000Z' });
  });

  test('that nobody remembers are not counted on', async () => {
    const unknown = { batch: batchOf('x', 'commerce'), handedOverAt: '', announcedAt: '', announcements: 0 };
    expect(await open().countAnnouncement(unknown, '2011-01-04T10:00:00.000Z')).toBe(false);
  });
});

test('commit-batches forgets exactly what it committed, of its own domain', async () => {
  const handOvers = new DynamoHandOvers(DynamoDBDocumentClient.from(new DynamoDBClient(config())), TABLE);
  const names = Array.from({ length: 30 }, (_, i) => `n${String(i).padStart(2, '0')}`);
  await handOvers.record([...names.map((name) => batchOf(name, 'health')), batchOf('n00', 'shop')]);
  forget(names.slice(1).map((name) => batchOf(name, 'health')));
  expect((await handOvers.waiting('health')).map(({ batch }) => batch)).toEqual([batchOf('n00', 'health')]);
  expect(await handOvers.waiting('shop')).toHaveLength(1);
});

/** Runs the committer's own ledger. */
function forget(batches: readonly StagedBatch[]): void {
  const root = path.resolve(import.meta.dirname, '../../..');
  const program = `
import boto3, json, sys
from ledger import DynamoLedger
from staged_batch import parse_batch
batches = [parse_batch(json.dumps(each)) for each in json.load(sys.stdin)]
DynamoLedger(boto3.client("dynamodb"), "${TABLE}").forget(batches)
`;
  const { endpoint, region } = config();
  execFileSync(path.join(root, '.venv/bin/python'), ['-c', program], {
    input: JSON.stringify(batches),
    env: {
      ...process.env,
      PYTHONPATH: ['commit-batches', 'delta'].map((folder) => path.join(root, 'lambdas', folder)).join(path.delimiter),
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });
}
