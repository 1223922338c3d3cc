import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Map as MapState,
  Succeed,
  type TaskStateBase,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EmrServerlessStartJobRun } from './emr-serverless-start-job-run.ts';
import { caught, guarded, invoke, RETRY } from './machine-tasks.ts';
import type { NodeFunction } from './node-function.ts';

export interface BackfillSteps {
  readonly recordBackfill: NodeFunction;
  readonly fill: EmrServerlessStartJobRun;
  readonly settle: EmrServerlessStartJobRun;
}

/** How soon after a run's end a backfill that waits for the domain notices it. */
const WAIT = WaitTime.duration(Duration.seconds(10));

/**
 * One attempt at a backfill: a job for each interval that is not made yet, so many at a time, beside runs; then, with
 * the domain's lease, the job that brings the table to what they made.
 */
export class BackfillDefinition extends Construct {
  readonly start: IChainable;
  private readonly recordFailure: IChainable;

  constructor(
    scope: Construct,
    id: string,
    private readonly steps: BackfillSteps,
  ) {
    super(scope, id);
    this.recordFailure = this.record('RecordFailure', 'failed', { error: JsonPath.objectAt('$.error') }).next(
      new Fail(this, 'Failed', { stateName: 'Failed', errorPath: '$.error.Error', causePath: '$.error.Cause' }),
    );
    this.start = this.fillIntervals().next(this.settleWithDomain());
  }

  private fillIntervals(): MapState {
    const index = JsonPath.numberAt('$.index');
    const intervals = new MapState(this, 'FillIntervals', {
      stateName: 'FillIntervals',
      itemsPath: '$.fill',
      maxConcurrencyPath: '$.concurrency',
      itemSelector: { planUri: JsonPath.stringAt('$.planUri'), index: JsonPath.numberAt('$$.Map.Item.Value') },
      resultPath: JsonPath.DISCARD,
    });
    this.steps.fill.addRetry(RETRY);
    intervals.itemProcessor(this.steps.fill.next(this.record('RecordFilled', 'filled', { index })));
    return caught(intervals, this.recordFailure);
  }

  private settleWithDomain(): IChainable {
    const take = invoke(this, 'TakeDomain', this.steps.recordBackfill, {
      payload: payloadOf('take'),
      fields: ['isTaken', 'consumed'],
      resultPath: '$.domain',
    });
    const wait = new Wait(this, 'WaitForDomain', { stateName: 'WaitForDomain', time: WAIT });
    const settle = guarded(this.steps.settle, this.recordFailure)
      .next(caught(this.record('FinishBackfill', 'settled'), this.recordFailure))
      .next(new Succeed(this, 'Succeeded', { stateName: 'Succeeded' }));
    const hasDomain = new Choice(this, 'HasDomain', { stateName: 'HasDomain' })
      .when(Condition.booleanEquals('$.domain.isTaken', true), settle)
      .otherwise(wait.next(take));
    return guarded(take, this.recordFailure).next(hasDomain);
  }

  private record(id: string, step: string, more: Record<string, unknown> = {}): TaskStateBase {
    const call = { payload: payloadOf(step, more), resultPath: JsonPath.DISCARD };
    return invoke(this, id, this.steps.recordBackfill, call).addRetry(RETRY) as TaskStateBase;
  }
}

const payloadOf = (step: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ step, execution: JsonPath.stringAt('$$.Execution.Name') },
  ...more,
});
