import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { NodeFunction } from './node-function.ts';

export interface ReconcilerProps {
  readonly environment: Environment;
  readonly domain: string;
  /** Of its function. */
  readonly name: string;
  readonly description: string;
}

/** Looks every few minutes for what was landed and what no message mentions any more, and announces it again. */
export class Reconciler extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, { environment, domain, name, description }: ReconcilerProps) {
    super(scope, id);
    const size = { memoryMb: 512, timeout: Duration.minutes(2) };
    this.function = new NodeFunction(this, 'Function', { environment, domain, name, description, ...size });
    this.function.addSetting('GRACE_MINUTES', String(environment.reconcileMinutes));
    // What one tick fails to do, the next one does: no retries, no dead letters.
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(environment.reconcileMinutes)),
      targets: [new LambdaTarget(this.function.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
