import type { Executions, RunInput } from '../../../lambdas/shared/ports.ts';

/** Executions that run until they are ended. */
export class MemoryExecutions<Input extends { readonly runId: string } = RunInput> implements Executions<Input> {
  readonly started: Input[] = [];
  readonly running = new Set<string>();
  isDown = false;

  async start(input: Input): Promise<void> {
    if (this.isDown) throw new Error('Step Functions is down');
    if (this.started.some(({ runId }) => runId === input.runId)) return;
    this.started.push(input);
    this.running.add(input.runId);
  }

  async stop(runId: string): Promise<void> {
    this.running.delete(runId);
  }

  async isRunning(runId: string): Promise<boolean> {
    return this.running.has(runId);
  }
}
