import {
  Choice,
  Condition,
  type CustomState,
  Fail,
  type IChainable,
  JsonPath,
  Succeed,
  type TaskStateBase,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EmrServerlessStartJobRun } from './emr-serverless-start-job-run.ts';
import { guarded, invoke, RETRY } from './machine-tasks.ts';
import type { NodeFunction } from './node-function.ts';

export interface RunSteps {
  readonly planRun: NodeFunction;
  readonly evaluateGate: NodeFunction;
  readonly publishTables: NodeFunction;
  readonly finishRun: NodeFunction;
  readonly refine: EmrServerlessStartJobRun;
  readonly model: EmrServerlessStartJobRun;
}

type Outcome = 'succeeded' | 'blocked' | 'failed' | 'nothing-to-do';

/**
 * One run of a domain. Its state is one object to which each step adds its result, and whatever fails is recorded
 * before the execution ends, since an unrecorded run would keep the domain's lease.
 */
export class RunDefinition extends Construct {
  readonly start: IChainable;
  private readonly recordFailure: IChainable;

  constructor(
    scope: Construct,
    id: string,
    private readonly steps: RunSteps,
  ) {
    super(scope, id);
    this.recordFailure = this.finish('RecordFailure', 'failed').next(this.failed());
    this.start = this.settle().next(this.planRun()).next(this.whenThereIsWork());
  }

  private settle(): Wait {
    const time = WaitTime.secondsPath('$.settleSeconds');
    return new Wait(this, 'Settle', { stateName: 'Settle', time, comment: 'A burst of commits becomes one run' });
  }

  private planRun(): TaskStateBase {
    return this.guarded(
      invoke(this, 'PlanRun', this.steps.planRun, {
        payload: { runId: JsonPath.stringAt('$.runId'), trigger: JsonPath.stringAt('$.trigger') },
        fields: ['runId', 'hasWork', 'needsRefine', 'needsModel', 'planUri'],
        resultPath: '$.plan',
      }),
    );
  }

  private whenThereIsWork(): IChainable {
    return this.choice('HasWork')
      .when(Condition.booleanEquals('$.plan.hasWork', true), this.refineWhenNeeded())
      .otherwise(this.finish('FinishIdle', 'nothing-to-do').next(this.done('NothingToDo')));
  }

  private refineWhenNeeded(): IChainable {
    const model = this.modelWhenNeeded();
    const refine = this.guarded(this.steps.refine).next(this.gate('GateSilver', 'refine', '$.refineGate'));
    const gate = this.choice('SilverBlocked')
      .when(Condition.stringEquals('$.refineGate.outcome', 'blocked'), this.blocked('FinishSilverBlocked'))
      .otherwise(model);
    return this.choice('NeedsRefine')
      .when(Condition.booleanEquals('$.plan.needsRefine', true), refine.next(gate))
      .otherwise(model);
  }

  private modelWhenNeeded(): IChainable {
    const succeed = this.finish('FinishRun', 'succeeded').next(this.done('Succeeded'));
    const model = this.guarded(this.steps.model).next(this.gate('GateGold', 'model', '$.modelGate'));
    const gate = this.choice('GoldBlocked')
      .when(Condition.stringEquals('$.modelGate.outcome', 'blocked'), this.blocked('FinishGoldBlocked'))
      .otherwise(this.publish().next(succeed));
    return this.choice('NeedsModel')
      .when(Condition.booleanEquals('$.plan.needsModel', true), model.next(gate))
      .otherwise(succeed);
  }

  private gate(id: string, step: 'refine' | 'model', resultPath: string): TaskStateBase {
    return this.guarded(
      invoke(this, id, this.steps.evaluateGate, {
        payload: { runId: JsonPath.stringAt('$.runId'), step, planUri: JsonPath.stringAt('$.plan.planUri') },
        fields: ['step', 'outcome'],
        resultPath,
      }),
    );
  }

  private publish(): TaskStateBase {
    return this.guarded(
      invoke(this, 'Publish', this.steps.publishTables, {
        payload: { runId: JsonPath.stringAt('$.runId'), planUri: JsonPath.stringAt('$.plan.planUri') },
        fields: ['slot', 'tables'],
        resultPath: '$.published',
      }),
    );
  }

  /** Not guarded: where recording fails, the rule on failed executions calls finish-run once more. */
  private finish(id: string, outcome: Outcome): TaskStateBase {
    const payload = { outcome, state: JsonPath.objectAt('$') };
    return invoke(this, id, this.steps.finishRun, { payload, resultPath: JsonPath.DISCARD }).addRetry(RETRY);
  }

  private blocked(id: string): IChainable {
    return this.finish(id, 'blocked').next(this.done(`${id}End`));
  }

  private done(id: string): Succeed {
    return new Succeed(this, id, { stateName: id });
  }

  private failed(): Fail {
    return new Fail(this, 'Failed', { stateName: 'Failed', errorPath: '$.error.Error', causePath: '$.error.Cause' });
  }

  private choice(id: string): Choice {
    return new Choice(this, id, { stateName: id });
  }

  private guarded<T extends TaskStateBase | CustomState>(task: T): T {
    return guarded(task, this.recordFailure);
  }
}
