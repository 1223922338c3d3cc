import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { HeldBatch } from '../../lib/landing/held-batch.ts';
import type { EndedBackfill, EndedRun, EventBus, RolledBackGold, WatchdogFound } from './ports.ts';

/** With the client's own retries. A bus that hangs must not take the time in which a function is to end. */
const PATIENCE_MS = 10_000;

/** The account's default bus. */
export class EventBridgeBus implements EventBus {
  private readonly client: EventBridgeClient;

  constructor(client: EventBridgeClient) {
    this.client = client;
  }

  runEnded(run: EndedRun): Promise<void> {
    return this.put('RunEnded', run, run.runId);
  }

  backfillEnded(backfill: EndedBackfill): Promise<void> {
    return this.put('BackfillEnded', backfill, backfill.backfillId);
  }

  goldRolledBack(rollback: RolledBackGold): Promise<void> {
    return this.put('GoldRolledBack', rollback, rollback.domain);
  }

  batchHeld(held: HeldBatch): Promise<void> {
    return this.put('BatchHeld', held, held.table);
  }

  watchdogFound(found: WatchdogFound): Promise<void> {
    return this.put('WatchdogFound', found, found.domain);
  }

  private async put(type: string, detail: object, of: string): Promise<void> {
    const entry = { Source: 'sluice', DetailType: type, Detail: JSON.stringify(detail) };
    const command = new PutEventsCommand({ Entries: [entry] });
    const { Entries = [] } = await this.client.send(command, { abortSignal: AbortSignal.timeout(PATIENCE_MS) });
    // The bus answers 200 even when it refused the entry.
    const refusal = Entries.find(({ ErrorCode }) => ErrorCode);
    if (refusal) throw new Error(`the event bus refused ${type} of '${of}': ${refusal.ErrorMessage}`);
  }
}
