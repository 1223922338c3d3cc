import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { attemptOf, type Backfill, type BackfillLedger, executionOf } from '../../../lambdas/shared/backfill-ledger.ts';
import { DynamoBackfillLedger } from '../../../lambdas/shared/dynamo-backfill-ledger.ts';
import { createLedgerTable } from '../fakes/ledger-table.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryBackfillLedger } from '../fakes/memory-backfill-ledger.ts';
import { backfillOf } from './backfills.ts';

const config = useLocalCloud();

async function dynamoLedger(): Promise<BackfillLedger> {
  const client = new DynamoDBClient(config());
  const table = await createLedgerTable(client);
  const marshallOptions = { removeUndefinedValues: true };
  return new DynamoBackfillLedger(DynamoDBDocumentClient.from(client, { marshallOptions }), table);
}

describe.each<[string, () => Promise<BackfillLedger>]>([
  ['in DynamoDB', dynamoLedger],
  ['in memory', async () => new MemoryBackfillLedger()],
])('the ledger of backfills %s', (_name, open) => {
  let ledger: BackfillLedger;
  beforeEach(async () => {
    ledger = await open();
  });
  const [first, second] = [backfillOf('shop-1'), backfillOf('shop-2')];
  const known = (id: string): Promise<Backfill | null> => ledger.backfill('shop', id);

  test('a table has one backfill at a time, and other tables theirs', async () => {
    expect(await Promise.all([ledger.begin(first), ledger.begin(second)]).then((won) => won.filter(Boolean))).toEqual([
      true,
    ]);
    const other = backfillOf('shop-3', { table: 'shop.silver.lines' });
    expect(await ledger.begin(other)).toBe(true);
    expect(await ledger.holderOf('shop', 'shop.silver.lines')).toBe('shop-3');
    expect(await ledger.holderOf('shop', 'shop.silver.returns')).toBeNull();
    expect((await ledger.backfills('shop', 1)).map(({ id }) => id)).toEqual(['shop-3']);
    expect(await known('shop-4')).toBeNull();
  });

  test('one that is paused or failed keeps its table, and one that ended gives it back', async () => {
    await ledger.begin(first);
    expect(await ledger.change(first, { status: 'paused' })).toBe(true);
    expect(await ledger.begin(second)).toBe(false);
    const paused = { ...first, status: 'paused' as const };
    expect(await ledger.change(paused, { status: 'cancelled', endedAt: '2011-01-05T11:00:00.000Z' })).toBe(true);
    expect(await known('shop-1')).toEqual({ ...first, status: 'cancelled', endedAt: '2011-01-05T11:00:00.000Z' });
    expect(await ledger.begin(second)).toBe(true);
  });

  test('who has seen it elsewhere, or in another attempt, changes nothing', async () => {
    await ledger.begin(first);
    await ledger.change(first, { status: 'failed', error: 'a driver died' });
    expect(await ledger.change(first, { status: 'succeeded' })).toBe(false);
    const failed = (await known('shop-1')) ?? first;
    await ledger.change(failed, { status: 'running', attempt: 2, error: undefined });
    expect(await known('shop-1')).toEqual({ ...first, attempt: 2 });
    expect(await ledger.change(first, { status: 'failed', error: 'the first attempt' })).toBe(false);
    expect(await ledger.holderOf('shop', first.table)).toBe('shop-1');
  });

  test('intervals are remembered once each, in their order', async () => {
    const filled = (index: number, rows: number) => ({ index, events: 2, rows, refused: 0 });
    for (const [index, rows] of [
      [10, 1],
      [2, 3],
      [10, 4],
    ] as const)
      await ledger.recordFilled('shop', 'shop-1', filled(index, rows));
    expect(await ledger.filled('shop', 'shop-1')).toEqual([filled(2, 3), filled(10, 4)]);
    expect(await ledger.filled('shop', 'shop')).toEqual([]);
  });
});

test('an execution names its backfill and its attempt', () => {
  const attempt = { id: 'shop-20110105t100000-0badcafe', attempt: 12 };
  expect(attemptOf(executionOf(attempt))).toEqual(attempt);
  expect(() => attemptOf('shop')).toThrow("'shop' is no execution of a backfill");
});
