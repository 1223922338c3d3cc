import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Taker } from './dead-letter-queue.ts';

/** Which function an undelivered event is for, and what that function takes. */
export interface Delivery {
  readonly function: 'start-run' | 'finish-run';
  readonly payload: unknown;
}

const committedSchema = z.looseObject({ 'detail-type': z.literal('TableCommitted') });
const finishedSchema = z.looseObject({ outcome: z.string() });
const triggerSchema = z.strictObject({ trigger: z.string() });
const brokeSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({ name: z.string(), status: z.string() }),
});

/** By what it says: EventBridge keeps the event as it was, its scheduler and Lambda what they gave to the function. */
export function routeEvent(event: unknown): Delivery | undefined {
  const isStart = [committedSchema, triggerSchema].some((schema) => schema.safeParse(event).success);
  if (isStart) return { function: 'start-run', payload: event };
  if (finishedSchema.safeParse(event).success) return { function: 'finish-run', payload: event };
  const broke = brokeSchema.safeParse(event).data;
  if (!broke) return undefined;
  return { function: 'finish-run', payload: brokenEnd(broke.detail.name, broke.detail.status) };
}

/** What finish-run is told of a run whose execution could not tell it. */
export function brokenEnd(runId: string, status: string) {
  const error = { Error: status, Cause: 'the execution ended without finishing its run' };
  return { outcome: 'failed', state: { runId, trigger: 'unknown', error } } as const;
}

/** Gives events to their functions, as EventBridge would have: they are not waited for, and fail back to the queue. */
export const deliverTo =
  (client: LambdaClient, prefix: string): Taker =>
  async ({ Body = '' }) => {
    const delivery = routeEvent(jsonOf(Body));
    if (!delivery) return 'an event of a kind that no function takes';
    const FunctionName = `${prefix}${delivery.function}`;
    const Payload = JSON.stringify(delivery.payload);
    await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
    return undefined;
  };

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
