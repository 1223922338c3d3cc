import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EventBridgeBus } from '../../../lambdas/shared/event-bridge-bus.ts';
import type { HeldBatch } from '../../../lib/landing/held-batch.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';

const config = useLocalCloud();
const docs = readFileSync(path.resolve(import.meta.dirname, '../../../docs/pii.md'), 'utf8');
/** The rule and the event that the docs show to owners. */
const [pattern, example] = [...docs.matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => JSON.parse(json ?? ''));

const held: HeldBatch = example.detail;

/** A queue that gets what the rule lets through. */
async function subscribe(EventPattern: object): Promise<() => Promise<Record<string, unknown>[]>> {
  const [queues, events] = [new SQSClient(config()), new EventBridgeClient(config())];
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'owner' }));
  const of = { QueueUrl, AttributeNames: ['QueueArn' as const] };
  const { Attributes } = await queues.send(new GetQueueAttributesCommand(of));
  await events.send(new PutRuleCommand({ Name: 'held', EventPattern: JSON.stringify(EventPattern) }));
  const Targets = [{ Id: 'owner', Arn: Attributes?.QueueArn }];
  await events.send(new PutTargetsCommand({ Rule: 'held', Targets }));
  return async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
    const { Messages = [] } = await queues.send(receive);
    return Messages.map(({ Body }) => JSON.parse(Body ?? ''));
  };
}

test("the rule of the docs gives an owner the held batches of a table, and no other table's", async () => {
  const received = await subscribe(pattern);
  const bus = new EventBridgeBus(new EventBridgeClient(config()));
  await bus.batchHeld({ ...held, table: 'commerce.bronze.page_views' });
  await bus.batchHeld(held);
  const run = {
    domain: 'commerce',
    runId: 'r1',
    outcome: 'failed',
    endedAt: '',
    reasons: [],
    published: null,
  } as const;
  await bus.runEnded(run);
  expect(await received()).toMatchObject([{ source: 'sluice', 'detail-type': 'BatchHeld', detail: held }]);
});

test.each([
  ["BatchHeld of 'commerce.bronze.orders'", (bus: EventBridgeBus) => bus.batchHeld(held)],
  [
    "RunEnded of 'r1'",
    (bus: EventBridgeBus) =>
      bus.runEnded({ domain: 'd', runId: 'r1', outcome: 'failed', endedAt: '', reasons: [], published: null }),
  ],
  [
    "GoldRolledBack of 'd'",
    (bus: EventBridgeBus) =>
      bus.goldRolledBack({
        ...{ domain: 'd', from: 'p2', reason: 'a test' },
        published: { publication: 'p3', runId: 'r1', publishedAt: '', tables: {} },
      }),
  ],
  [
    "BackfillEnded of 'b1'",
    (bus: EventBridgeBus) =>
      bus.backfillEnded({
        ...{ domain: 'd', backfillId: 'b1', kind: 'rebuild', table: 't', outcome: 'failed', endedAt: '', reasons: [] },
      }),
  ],
  [
    "WatchdogFound of 'd'",
    (bus: EventBridgeBus) => bus.watchdogFound({ domain: 'd', at: '', findings: [], remedies: [] }),
  ],
])('an entry that the bus refused is no success, though the answer is 200: %s', async (what, tell) => {
  const refusing = {
    send: async () => ({ Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'too many' }] }),
  };
  const bus = new EventBridgeBus(refusing as unknown as EventBridgeClient);
  await expect(tell(bus)).rejects.toThrow(`the event bus refused ${what}: too many`);
});
