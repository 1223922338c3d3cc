import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { ReplayRequest } from '../../lambdas/replay-records/request.ts';
import { OperationError } from '../shared/errors.ts';

const outcomeSchema = z.object({
  quarantineId: z.string(),
  type: z.enum(['Replayed', 'RefusedAgain', 'NotReplayable', 'Discarded', 'Scheduled']),
  reason: z.string().optional(),
});
export type Outcome = z.output<typeof outcomeSchema>;

/** Lambda takes six megabytes; what is sent is JSON within JSON. */
const REQUEST_BYTES = 3_000_000;
const REQUEST_ENTRIES = 500;

/** Asks `replay-records`, which has the rights that a person then does not need. */
export class ReplayFunction {
  constructor(
    private readonly client: LambdaClient,
    private readonly name: string,
  ) {}

  async close(request: Extract<ReplayRequest, { type: 'Replay' | 'Discard' }>): Promise<Outcome[]> {
    return z.object({ outcomes: z.array(outcomeSchema) }).parse(await this.ask(request)).outcomes;
  }

  /** How many records of an on-failure object were handed over. */
  async redrive(uri: string): Promise<number> {
    return z.object({ records: z.number() }).parse(await this.ask({ type: 'Redrive', uri })).records;
  }

  private async ask(request: ReplayRequest): Promise<unknown> {
    const command = new InvokeCommand({ FunctionName: this.name, Payload: JSON.stringify(request) });
    const { Payload, FunctionError } = await this.client.send(command);
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError) throw new OperationError(`${this.name} failed: ${text}`);
    return JSON.parse(text);
  }
}

/** Entries in parts that one request can hold, in their order. */
export function partsOf<T>(entries: readonly T[]): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    const part = parts.at(-1);
    const fits = part && part.length < REQUEST_ENTRIES && bytes + size <= REQUEST_BYTES;
    bytes = fits ? bytes + size : size;
    if (fits) part.push(entry);
    else parts.push([entry]);
  }
  return parts;
}
