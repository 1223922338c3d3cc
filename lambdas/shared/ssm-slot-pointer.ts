import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Slot } from '../../lib/plan/plan.ts';
import type { SlotPointer } from './ports.ts';

/** The visible slot as an SSM parameter: CloudFormation reads it when the Catalog stack is deployed. */
export class SsmSlotPointer implements SlotPointer {
  private readonly client: SSMClient;
  private readonly parameter: string;

  constructor(client: SSMClient, parameter: string) {
    this.client = client;
    this.parameter = parameter;
  }

  async set(slot: Slot): Promise<void> {
    await this.client.send(new PutParameterCommand({ Name: this.parameter, Value: slot, Overwrite: true }));
  }
}
