import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseFileMessage } from '../../../lambdas/land-file/file-message.ts';
import { reconcileFiles } from '../../../lambdas/reconcile-files/reconcile-files.ts';
import type { LandedFile, ListedFile } from '../../../lambdas/shared/file-ports.ts';
import { shardOf } from '../../../lambdas/shared/file-shard.ts';
import { S3FileListing } from '../../../lambdas/shared/s3-file-listing.ts';
import { SqsFileQueue } from '../../../lambdas/shared/sqs-file-queue.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryFileLedger, MemoryLoadLedger } from '../fakes/memory-files.ts';

const config = useLocalCloud();
const at = (minute: number): Date => new Date(Date.UTC(2011, 0, 4) + minute * 60_000);
const fileAt = (name: string, minute: number): ListedFile => ({
  bucket: 'landing',
  key: `landing/commerce/stock_counts/${name}.csv`,
  size: 1,
  etag: name,
  modifiedAt: at(minute),
});

/** Reconciles at minute 60 and says what was announced and counted. */
async function reconcile(files: readonly ListedFile[], ledger = new MemoryFileLedger('commerce')) {
  const announced: string[] = [];
  const metrics = new Map<string, number>();
  const outcome = await reconcileFiles(
    {
      domain: 'commerce',
      graceMinutes: 15,
      listing: { list: async () => [...files] },
      ledger,
      queue: {
        announce: async (due: readonly LandedFile[]) => {
          announced.push(...due.map(({ etag }) => etag));
        },
      },
      metrics: { add: (name, _unit, value) => metrics.set(name, value) },
    },
    at(60),
  );
  return { announced, outcome, metrics: Object.fromEntries(metrics) };
}

test('what the ledger does not know is announced, once it is old enough', async () => {
  const { announced, metrics } = await reconcile([fileAt('new', 50), fileAt('late', 40), fileAt('later', 0)]);
  expect(announced).toEqual(['late', 'later']);
  expect(metrics).toEqual({ FilesAnnounced: 2, FilesStranded: 1, FilesParked: 0, FilesFailed: 0 });
});

test('what has ended is left alone; what is open since long is announced', async () => {
  const ledger = new MemoryFileLedger('commerce');
  const files = ['landed', 'refused', 'open', 'young'].map((name) => fileAt(name, name === 'young' ? 40 : 0));
  for (const file of files) await ledger.announce(shardOf(file), file, at(1).toISOString());
  for (const file of files.slice(0, 2)) await ledger.end(shardOf(file), 'landed', at(2).toISOString());
  const { announced, outcome } = await reconcile(files, ledger);
  expect(announced).toEqual(['open']);
  expect(outcome).toEqual({ listed: 4, announced: 1, stranded: 0, parked: 0, failed: 0 });
});

test('a file that is being loaded is left to whoever loads it, and one whose load failed is counted', async () => {
  const ledger = new MemoryFileLedger('commerce');
  const [loading, failed] = [fileAt('loading', 0), fileAt('failed', 0)];
  for (const file of [loading, failed]) await ledger.announce(shardOf(file), file, at(1).toISOString());
  await new MemoryLoadLedger(ledger).request(shardOf(loading), at(2).toISOString());
  await ledger.end(shardOf(failed), 'failed', at(2).toISOString(), 'no memory');
  const { announced, metrics } = await reconcile([loading, failed], ledger);
  expect([announced, metrics.FilesFailed]).toEqual([[], 1]);
});

test('parked files are counted as long as they lie there', async () => {
  const ledger = new MemoryFileLedger('commerce');
  const [lies, taken, replaced] = ['lies', 'taken', 'replaced'].map((name) => fileAt(name, 0)) as [
    ListedFile,
    ListedFile,
    ListedFile,
  ];
  for (const file of [lies, taken, replaced]) {
    await ledger.announce(shardOf(file), file, at(1).toISOString());
    await ledger.end(shardOf(file), 'parked', at(2).toISOString());
  }
  const { announced, metrics } = await reconcile([lies, { ...replaced, etag: 'smaller' }], ledger);
  expect([metrics.FilesParked, announced]).toEqual([1, ['smaller']]);
});

test('a file that was replaced is another one', async () => {
  const ledger = new MemoryFileLedger('commerce');
  const before = fileAt('before', 0);
  await ledger.announce(shardOf(before), before, at(1).toISOString());
  await ledger.end(shardOf(before), 'landed', at(2).toISOString());
  expect((await reconcile([{ ...before, etag: 'after' }], ledger)).announced).toEqual(['after']);
});

test('a file is listed and announced as land-file knows it from S3 itself', async () => {
  const s3 = new S3Client(config());
  const sqs = new SQSClient(config());
  await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
  const key = 'landing/commerce/stock_counts/a day+ä.csv';
  const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: 'files', Key: key, Body: 'a;b' }));
  for (const other of ['landing/health/x/a.csv', 'landing/commerce/folder/', 'staged/commerce/a.parquet'])
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: other, Body: 'x' }));
  const files = await new S3FileListing(s3, 'files').list('commerce');
  const file = { bucket: 'files', key, size: 3, etag: ETag.replaceAll('"', '') };
  expect(files).toEqual([{ ...file, modifiedAt: expect.any(Date) }]);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'files' }));
  await new SqsFileQueue(sqs, QueueUrl).announce(files);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  expect(Messages.map(({ Body = '' }) => parseFileMessage(Body))).toEqual([{ type: 'FileAnnounced', file }]);
});
