import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Executions, RunInput } from './ports.ts';

/** Executions of one state machine, each named after its run. */
export class SfnExecutions<Input extends { readonly runId: string } = RunInput> implements Executions<Input> {
  private readonly client: SFNClient;
  private readonly stateMachineArn: string;

  constructor(client: SFNClient, stateMachineArn: string) {
    this.client = client;
    this.stateMachineArn = stateMachineArn;
  }

  async start(input: Input): Promise<void> {
    const { stateMachineArn } = this;
    try {
      await this.client.send(
        new StartExecutionCommand({ stateMachineArn, name: input.runId, input: JSON.stringify(input) }),
      );
    } catch (error) {
      // The name is the run's id: an answer that was lost is no second execution.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  async stop(runId: string, cause: string): Promise<void> {
    await this.client.send(new StopExecutionCommand({ executionArn: this.arnOf(runId), error: 'Cancelled', cause }));
  }

  async isRunning(runId: string): Promise<boolean> {
    const executionArn = this.arnOf(runId);
    try {
      const { status } = await this.client.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return false;
      throw error;
    }
  }

  private arnOf(runId: string): string {
    return `${this.stateMachineArn.replace(':stateMachine:', ':execution:')}:${runId}`;
  }
}
