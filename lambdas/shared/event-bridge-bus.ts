import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EndedRun, EventBus } from './ports.ts';

/** The account's default bus. */
export class EventBridgeBus implements EventBus {
  private readonly client: EventBridgeClient;

  constructor(client: EventBridgeClient) {
    this.client = client;
  }

  async runEnded(run: EndedRun): Promise<void> {
    const entry = { Source: 'sluice', DetailType: 'RunEnded', Detail: JSON.stringify(run) };
    const { Entries = [] } = await this.client.send(new PutEventsCommand({ Entries: [entry] }));
    // The bus answers 200 even when it refused the entry.
    const refusal = Entries.find(({ ErrorCode }) => ErrorCode);
    if (refusal) throw new Error(`the event bus refused RunEnded of '${run.runId}': ${refusal.ErrorMessage}`);
  }
}
