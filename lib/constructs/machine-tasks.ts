import { Duration } from 'aws-cdk-lib';
import {
  type CatchProps,
  type CustomState,
  type IChainable,
  JitterType,
  type Map as MapState,
  type RetryProps,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface Call {
  readonly payload: Record<string, unknown>;
  /** Of the function's result; all of them must be there. */
  readonly fields?: readonly string[];
  readonly resultPath: string;
}

/** Calls a function as a state of this name. */
export const invoke = (scope: Construct, id: string, { function: lambdaFunction }: NodeFunction, call: Call) =>
  new LambdaInvoke(scope, id, {
    stateName: id,
    lambdaFunction,
    payload: TaskInput.fromObject(call.payload),
    ...(call.fields ? { resultSelector: selectorOf(call.fields) } : {}),
    resultPath: call.resultPath,
    taskTimeout: Timeout.duration(Duration.minutes(5)),
    retryOnServiceExceptions: false,
  });

const selectorOf = (fields: readonly string[]): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [`${field}.$`, `$.Payload.${field}`]));

/** Each step can be run again; one retry with jitter outlives a throttled call, and a second would only cost. */
export const RETRY: RetryProps = {
  errors: ['States.TaskFailed'],
  maxAttempts: 1,
  interval: Duration.seconds(3),
  jitterStrategy: JitterType.FULL,
};

const CATCH: CatchProps = { errors: ['States.ALL'], resultPath: '$.error' };

/** Tried once more, and then caught. */
export function guarded<T extends TaskStateBase | CustomState>(task: T, onFailure: IChainable): T {
  task.addRetry(RETRY);
  return caught(task, onFailure);
}

/** Leads what failed to where it is recorded. */
export function caught<T extends TaskStateBase | CustomState | MapState>(task: T, onFailure: IChainable): T {
  task.addCatch(onFailure, CATCH);
  return task;
}
