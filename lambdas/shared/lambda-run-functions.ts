import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { brokenEnd } from './route-event.ts';
import type { RunFunctions } from './watch-ports.ts';

const startSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('RunStarted'), runId: z.string() }),
  z.object({ type: z.literal('RunWaits'), activeRun: z.string() }),
]);
const finishedSchema = z.object({ outcome: z.string(), next: z.string().nullable() });

/** `start-run` and `finish-run` of a domain, which alone know how a run begins and ends. */
export class LambdaRunFunctions implements RunFunctions {
  constructor(
    private readonly client: LambdaClient,
    /** Of the names of the domain's functions, such as `sluice-dev-commerce-`. */
    private readonly prefix: string,
  ) {}

  async start(trigger: string): Promise<string> {
    const start = startSchema.parse(await this.invoke('start-run', { trigger }));
    return start.type === 'RunStarted' ? `run ${start.runId} started` : `a run follows ${start.activeRun}`;
  }

  async finish(runId: string): Promise<string> {
    const { outcome, next } = finishedSchema.parse(await this.invoke('finish-run', brokenEnd(runId, 'LOST')));
    return `recorded as ${outcome}${next ? `; run ${next} started, since more was committed` : ''}`;
  }

  private async invoke(name: string, payload: object): Promise<unknown> {
    const FunctionName = `${this.prefix}${name}`;
    const answer = await this.client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError) throw new Error(`${FunctionName} failed: ${text}`);
    return JSON.parse(text);
  }
}
