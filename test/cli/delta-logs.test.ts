import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeltaLogs, MOST_COMMITS } from '../../cli/plan/delta-logs.ts';
import { useLocalCloud } from '../lambdas/fakes/local-cloud.ts';

const config = useLocalCloud();
const HOUR = 3_600_000;

/** Counts what is read of the log. */
class CountingClient extends S3Client {
  reads = 0;
  override send = ((...args: Parameters<S3Client['send']>) => {
    this.reads++;
    return super.send(...args);
  }) as S3Client['send'];
}

/** A log whose commits have ten rows and are an hour apart; none of before `first` is left. */
async function logOf(Bucket: string, commits: number, first = 0): Promise<{ client: CountingClient; uri: string }> {
  const client = new CountingClient(config());
  await client.send(new CreateBucketCommand({ Bucket }));
  for (let version = first; version < commits; version++) {
    const Key = `shop/orders/_delta_log/${String(version).padStart(20, '0')}.json`;
    const add = { size: 100, dataChange: true, stats: JSON.stringify({ numRecords: 10 }) };
    const Body = `${JSON.stringify({ add })}\n${JSON.stringify({ commitInfo: { timestamp: version * HOUR } })}\n`;
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  }
  client.reads = 0;
  return { client, uri: `s3://${Bucket}/shop/orders` };
}

test('a range is as large as its commits; of a long one a bounded number is read', async () => {
  const { client, uri } = await logOf('sizes', 200);
  const logs = new DeltaLogs(client);
  expect(await logs.sizeOf({ uri, fromVersion: 3, toVersion: 5 })).toEqual({ rows: 30, files: 3, bytes: 300 });
  expect(client.reads).toBe(3);
  expect(await logs.sizeOf({ uri, fromVersion: 0, toVersion: 199 })).toEqual({ rows: 2000, files: 200, bytes: 20_000 });
  expect(client.reads).toBe(3 + MOST_COMMITS);
}, 30_000);

test('what a clean-up took away is told from what is left, and nothing is made up where nothing is', async () => {
  const { client, uri } = await logOf('cleaned', 6, 4);
  const logs = new DeltaLogs(client);
  expect(await logs.sizeOf({ uri, fromVersion: 2, toVersion: 5 })).toEqual({ rows: 40, files: 4, bytes: 400 });
  expect(await logs.sizeOf({ uri, fromVersion: 0, toVersion: 3 })).toEqual({ rows: null, files: null, bytes: null });
}, 30_000);

test('the first commit since a time is found without reading the whole log', async () => {
  const { client, uri } = await logOf('times', 100, 20);
  const logs = new DeltaLogs(client);
  expect(await logs.firstSince(uri, 99, 64 * HOUR)).toBe(64);
  expect(client.reads).toBeLessThanOrEqual(7);
  expect(await logs.firstSince(uri, 99, 64 * HOUR + 1)).toBe(65);
  expect(await logs.firstSince(uri, 99, 0)).toBe(20);
  expect(await logs.firstSince(uri, 99, 100 * HOUR)).toBeNull();
}, 30_000);
