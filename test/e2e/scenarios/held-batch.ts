import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Statement } from '../../../cli/account.ts';
import type { Entry } from '../../../cli/quarantine/entries.ts';
import type { Settled } from '../../../cli/wait.ts';
import type { HeldBatch } from '../../../lib/landing/held-batch.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

const ORDERS = 'commerce.bronze.orders';
const SECONDS_TO_BE_TOLD = 20;

/** A producer begins to write personal data where the contract knows of none: it is held, told, and settled. */
export function heldBatch(platform: PlatformUnderTest): void {
  const ids = [1, 2, 3, 4, 5].map((number) => `e2e-held-${number}`);
  const sent = ids.map((id, index) =>
    event(id, order(id.toUpperCase(), [line(1, { description: `gift wrap, ask buyer-${index}@example.com` })])),
  );
  const held = ['--rule', 'g0.pii', '--table', ORDERS];
  const settled = async (): Promise<Settled['events']> =>
    (await platform.json<{ commerce: Settled }>('wait')).commerce.events;
  const entries = (): Promise<Row[]> =>
    platform.query(`
      select event_id, payload, sealed from commerce_ops.quarantine
      where event_id like 'e2e-held-%' and status = 'open' order by event_id`);

  describe('a batch with personal data that its contract does not declare', () => {
    let receive: () => Promise<Told[]>;
    let before: Settled['events'];
    beforeAll(async () => {
      receive = await subscribe(platform);
      before = await settled();
      await platform.succeed('send', 'shop', platform.writeLines('held.jsonl', sent));
    });

    test('is held: nothing of it is in bronze, all of it is in the quarantine', async () => {
      const { landed, quarantined } = await settled();
      expect([landed - before.landed, quarantined - before.quarantined]).toEqual([0, ids.length]);
      const listed = await platform.json<Entry[]>('quarantine', 'list', ...held);
      expect(listed.map(({ event_id }) => event_id).sort()).toEqual(ids);
      expect(listed[0]?.reasons.join()).toMatch(/^column 'lines\[\]\.description' seems to hold .*e-mail/);
      const inBronze = platform.query("select * from commerce_bronze.orders where order_id like 'E2E-HELD-%'");
      expect(await inBronze).toEqual([]);
    });

    test('lies there sealed; only who may decrypt reads it as it came', async () => {
      const found = await entries();
      expect(found.map(({ event_id, payload }) => [event_id, payload])).toEqual(ids.map((id) => [id, null]));
      for (const { sealed } of found) expect(sealed).toMatch(/^v1(\.[\w+/=]+){3}$/);
      const [{ quarantine_id = '', event_id } = {}] = await platform.json<Entry[]>('quarantine', 'list', ...held);
      const shown = await platform.json<{ original: string }>('quarantine', 'show', quarantine_id, '--reveal');
      expect(JSON.parse(shown.original)).toEqual(sent.find(({ id }) => id === event_id));
    });

    test('is told to its owner, by a rule on the default bus, without a value', async () => {
      const received = await receive();
      const [first] = received;
      expect(received.reduce((sum, { detail }) => sum + detail.events, 0)).toBeGreaterThanOrEqual(ids.length);
      expect(first?.detail).toMatchObject({ table: ORDERS, quarantine: { rule: 'g0.pii' } });
      expect(first?.detail.columns).toMatchObject([{ column: 'lines[].description', kind: 'email' }]);
      expect(JSON.stringify(received)).not.toContain('buyer-');
    });

    test('is discarded with the reason, and every event is accounted for before and after', async () => {
      const laws = [(await platform.json<Statement>('account')).verdict];
      await platform.succeed('quarantine', 'discard', '--all', ...held, '--reason', 'the producer sends them anew');
      laws.push((await platform.json<Statement>('account')).verdict);
      for (const verdict of laws) expect(verdict).toMatchObject({ law: 'balanced', missing: 0, excess: 0 });
      expect(await platform.json('quarantine', 'list', ...held)).toEqual([]);
    });
  });
}

interface Told {
  readonly detail: HeldBatch;
}

/** A queue of the owner behind a rule as `docs/pii.md` shows it. @returns what reads all that arrived */
async function subscribe(platform: PlatformUnderTest): Promise<() => Promise<Told[]>> {
  const queues = new SQSClient(platform.client());
  const events = new EventBridgeClient(platform.client());
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'e2e-owner-of-orders' }));
  const arn = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const pattern = { source: ['sluice'], 'detail-type': ['BatchHeld'], detail: { table: [ORDERS] } };
  await events.send(new PutRuleCommand({ Name: 'e2e-held', EventPattern: JSON.stringify(pattern) }));
  const Targets = [{ Id: 'owner', Arn: arn.Attributes?.QueueArn }];
  await events.send(new PutTargetsCommand({ Rule: 'e2e-held', Targets }));
  return async () => {
    const all = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: SECONDS_TO_BE_TOLD };
    const { Messages = [] } = await queues.send(new ReceiveMessageCommand(all));
    return Messages.map(({ Body = '' }) => JSON.parse(Body) as Told);
  };
}
