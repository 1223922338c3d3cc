import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { findDeadLetters } from '../../cli/dlq/find-dead-letters.ts';
import { DeadLetterQueue } from '../../lambdas/shared/dead-letter-queue.ts';
import { routeEvent } from '../../lambdas/shared/route-event.ts';
import { useLocalCloud } from '../lambdas/fakes/local-cloud.ts';

const config = useLocalCloud();
const PREFIX = 'sluice-test-shop-';
const FIFO = { FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };

let sqs: SQSClient;
beforeAll(() => {
  sqs = new SQSClient(config());
});

async function createQueue(name: string): Promise<string> {
  const Attributes = name.endsWith('.fifo') ? FIFO : {};
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return QueueUrl;
}

/** Takes all messages of a queue, in the order in which it gives them. */
async function drain(QueueUrl: string): Promise<{ body: string; group: string | undefined }[]> {
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
  });
  const { Messages = [] } = await sqs.send(receive);
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const taken = Messages.map(({ Body = '', Attributes }) => ({ body: Body, group: Attributes?.MessageGroupId }));
  return taken.length > 0 ? [...taken, ...(await drain(QueueUrl))] : [];
}

const places = (folder = 's3://parked/aws/lambda/mapping/', redrive = async (_uri: string) => 1) =>
  findDeadLetters(
    { sqs, s3: new S3Client(config()), lambda: new LambdaClient(config()) },
    { prefix: PREFIX, onFailureUri: folder, replay: { redrive } },
  );

test('messages of a queue go back to it in the order of their groups, each once, even if they were there lately', async () => {
  const source = await createQueue(`${PREFIX}commits.fifo`);
  const letters = await createQueue(`${PREFIX}commits-dead-letters.fifo`);
  const sent = Array.from({ length: 23 }, (_, i) => ({ body: `batch ${i}`, group: `table-${i % 2}` }));
  for (const queue of [source, letters])
    for (const { body, group } of sent)
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queue,
          MessageBody: body,
          MessageGroupId: group,
          MessageDeduplicationId: body,
        }),
      );
  await drain(source);

  const [commits] = await places();
  const { waiting, oldest, reasons } = (await commits?.look()) ?? {};
  expect([waiting, reasons]).toEqual([23, []]);
  expect(Date.now() - Date.parse(oldest ?? '')).toBeLessThan(60_000);
  expect(await commits?.look()).toMatchObject({ waiting: 23 });
  expect(await commits?.redrive()).toEqual({ redriven: 23, left: [] });
  const back = await drain(source);
  for (const group of ['table-0', 'table-1'])
    expect(back.filter((each) => each.group === group)).toEqual(sent.filter((each) => each.group === group));
  expect(await commits?.look()).toEqual({ waiting: 0, oldest: null, reasons: [] });
  expect(await commits?.redrive()).toEqual({ redriven: 0, left: [] });
}, 30_000);

test('a message that nothing takes stays, with the reason, and a failure on the way loses none', async () => {
  const url = await createQueue('letters');
  for (const body of ['good', 'bad', 'down'])
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  const taken: string[] = [];
  const letters = new DeadLetterQueue('letters', sqs, url, async ({ Body = '' }) => {
    if (Body === 'down') throw new Error('the target is down');
    if (Body === 'bad') return 'nothing takes it';
    taken.push(Body);
    return undefined;
  });
  await expect(letters.redrive()).rejects.toThrow('the target is down');
  expect(taken).toEqual(['good']);
  expect(await letters.look()).toMatchObject({ waiting: 2 });
});

test('an undelivered event waits with the reason that EventBridge or Lambda gives', async () => {
  const url = await createQueue(`${PREFIX}events-dead-letters`);
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const send = (MessageAttributes: Record<string, { DataType: string; StringValue: string }>) =>
    sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: '{"customer": 4711}', MessageAttributes }));
  await send({ ERROR_CODE: text('NO_PERMISSIONS'), ERROR_MESSAGE: text('start-run may not be invoked') });
  await send({ ErrorCode: text('200'), ErrorMessage: text('it failed') });
  const events = (await places()).find(({ name }) => name === 'events');
  expect(await events?.look()).toMatchObject({
    waiting: 2,
    reasons: ['NO_PERMISSIONS: start-run may not be invoked', '200: it failed'],
  });
  expect(await events?.redrive()).toEqual({
    redriven: 0,
    left: Array(2).fill('an event of a kind that no function takes'),
  });
});

test('the queues of a domain whose name begins alike are not its own', async () => {
  await createQueue(`${PREFIX}outlet-commits-dead-letters.fifo`);
  await createQueue('sluice-test-shoplift-commits-dead-letters.fifo');
  expect((await places()).map(({ name }) => name)).toEqual(['commits', 'events', 'on-failure']);
});

test('parked records are counted by object, redriven one after another, and not again', async () => {
  const client = new S3Client(config());
  await client.send(new CreateBucketCommand({ Bucket: 'parked' }));
  const folder = 'aws/lambda/mapping/';
  for (const Key of ['shard-0/1', 'shard-0/2', 'shard-1/1'])
    await client.send(new PutObjectCommand({ Bucket: 'parked', Key: folder + Key, Body: 'a payload' }));
  await client.send(new PutObjectCommand({ Bucket: 'parked', Key: 'aws/lambda/other/shard-0/1', Body: 'not ours' }));
  const redriven: string[] = [];
  const parked = (await places(`s3://parked/${folder}`, async (uri) => redriven.push(uri))).at(-1);
  expect(await parked?.look()).toEqual({
    waiting: 3,
    oldest: expect.stringMatching(/^\d{4}-.*Z$/),
    reasons: ['land-records gave up on shard-0', 'land-records gave up on shard-1'],
  });
  expect(await parked?.redrive()).toEqual({ redriven: 3, left: [] });
  expect(redriven).toEqual(['shard-0/1', 'shard-0/2', 'shard-1/1'].map((key) => `s3://parked/${folder}${key}`));
});

test('files and their parts go back to the queue that lands them, as they were', async () => {
  const source = await createQueue(`${PREFIX}files`);
  const letters = await createQueue(`${PREFIX}files-dead-letters`);
  const bodies = ['{"version":1,"type":"FileAnnounced"}', '{"version":1,"type":"PartDue"}'];
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: letters, MessageBody }));
  const files = (await places()).find(({ name }) => name === 'files');
  expect(await files?.look()).toMatchObject({ waiting: 2, reasons: [] });
  expect(await files?.redrive()).toEqual({ redriven: 2, left: [] });
  expect((await drain(source)).map(({ body }) => body).sort()).toEqual(bodies.sort());
  expect(await files?.look()).toMatchObject({ waiting: 0 });
});

const detail = { name: 'commerce-20110104t100000-0badcafe', status: 'TIMED_OUT' };
const broke = { 'detail-type': 'Step Functions Execution Status Change', source: 'aws.states', detail };
const ended = { outcome: 'failed', state: { runId: detail.name } };
const committed = { 'detail-type': 'TableCommitted', detail: { domain: 'shop', table: 't', version: 1, rows: 1 } };

test.each([
  ['a commit', committed, { function: 'start-run', payload: committed }],
  [
    'the hour of a schedule',
    { trigger: 'schedule 0 2 * * * UTC' },
    { function: 'start-run', payload: { trigger: 'schedule 0 2 * * * UTC' } },
  ],
  ['the end of a run', ended, { function: 'finish-run', payload: ended }],
  [
    'a broken execution',
    broke,
    {
      function: 'finish-run',
      payload: {
        outcome: 'failed',
        state: {
          runId: detail.name,
          trigger: 'unknown',
          error: { Error: 'TIMED_OUT', Cause: 'the execution ended without finishing its run' },
        },
      },
    },
  ],
  ['anything else', { 'detail-type': 'Object Created' }, undefined],
  ['no object', 7, undefined],
])('%s goes to the function that takes it', (_what, event, delivery) => {
  expect(routeEvent(event)).toEqual(delivery);
});
