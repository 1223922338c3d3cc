import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Ledger } from './ledger.ts';
import { NodeFunction } from './node-function.ts';

export interface LandingReconcilerProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly ledger: Ledger;
  readonly commitQueue: CommitQueue;
}

/** Announces again what was landed and what no message mentions any more, every few minutes. */
export class LandingReconciler extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, { environment, domain, ledger, commitQueue }: LandingReconcilerProps) {
    super(scope, id);
    this.function = new NodeFunction(this, 'ReconcileLanding', {
      environment,
      domain,
      name: 'reconcile-landing',
      description: 'Announces again what was staged and never committed',
      memoryMb: 512,
      timeout: Duration.minutes(2),
    });
    this.function.addSetting('GRACE_MINUTES', String(environment.reconcileMinutes));
    ledger.grantReadWrite(this.function);
    commitQueue.grantSend(this.function);
    commitQueue.grantCount(this.function);
    // What one tick fails to do, the next one does: no retries, no dead letters.
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(environment.reconcileMinutes)),
      targets: [new LambdaTarget(this.function.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
