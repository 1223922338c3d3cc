import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { SLOTS } from '../../lib/plan/plan.ts';
import type { LostTable, PastTable } from '../../lib/publish/past-tables.ts';
import type { TableRestorer } from './ports.ts';

const pastSchema = z.object({ table: z.string(), slot: z.enum(SLOTS).nullable(), version: z.number().int() });
const lostSchema = z.object({ lost: z.array(pastSchema.extend({ reason: z.string() })) });
const restoredSchema = z.object({ tables: z.array(pastSchema) });

/** `restore-tables`, which has delta-rs. */
export class LambdaTableRestorer implements TableRestorer {
  private readonly client: LambdaClient;
  private readonly name: string;

  constructor(client: LambdaClient, name: string) {
    this.client = client;
    this.name = name;
  }

  async check(tables: readonly PastTable[]): Promise<LostTable[]> {
    return lostSchema.parse(await this.ask('check', tables)).lost;
  }

  async restore(tables: readonly PastTable[]): Promise<PastTable[]> {
    return restoredSchema.parse(await this.ask('restore', tables)).tables;
  }

  private async ask(action: 'check' | 'restore', tables: readonly PastTable[]): Promise<unknown> {
    const Payload = JSON.stringify({ action, tables });
    const answer = await this.client.send(new InvokeCommand({ FunctionName: this.name, Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError) throw new Error(`${this.name} failed: ${text}`);
    return JSON.parse(text);
  }
}
