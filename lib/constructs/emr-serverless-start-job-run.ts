import { type Duration, Stack } from 'aws-cdk-lib';
import type { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CustomState } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { allow } from './permissions.ts';
import { allowJobRuns } from './spark-application.ts';

export interface EmrServerlessStartJobRunProps {
  readonly application: CfnApplication;
  readonly jobRole: Role;
  /** Also part of the client token, so it is unique in its machine. */
  readonly step: string;
  /** An expression that tells the jobs of a step apart, where a map starts several. */
  readonly item?: string;
  readonly entryPoint: string;
  /** An expression that yields the list of arguments. */
  readonly entryPointArguments: string;
  readonly sparkSubmitParameters: string;
  readonly logUri: string;
  readonly timeout: Duration;
  readonly resultPath: string;
}

/** A Spark job as a task that waits for its end. The CDK has none, and its CustomState adds no permissions. */
export class EmrServerlessStartJobRun extends CustomState {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EmrServerlessStartJobRunProps,
  ) {
    super(scope, id, { stateJson: stateOf(scope, props) });
  }

  /** What the machine's role needs for this task, and no more. */
  grantTo(role: Role): void {
    allowJobRuns(role, this.props, 'emr-serverless:CancelJobRun');
    this.allowManagedRule(role);
  }

  /** Step Functions learns of a job's end by a rule of its own. */
  private allowManagedRule(role: Role): void {
    const resourceName = 'StepFunctionsGetEventsForEMRServerlessJobRule';
    const rule = Stack.of(role).formatArn({ service: 'events', resource: 'rule', resourceName });
    allow(role, { actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources: [rule] });
  }
}

/** How long a job may wait for the application to start and for capacity. */
export const START_MINUTES = 15;

const formatOf = ({ step, item }: EmrServerlessStartJobRunProps, ...more: readonly string[]): string => {
  const parts = ['$$.Execution.Name', ...(item ? [item] : []), ...more];
  return `States.Format('{}-${step}${'-{}'.repeat(parts.length - 1)}', ${parts.join(', ')})`;
};

const stateOf = (scope: Construct, props: EmrServerlessStartJobRunProps): Record<string, unknown> => ({
  Type: 'Task',
  Resource: `arn:${Stack.of(scope).partition}:states:::emr-serverless:startJobRun.sync`,
  TimeoutSeconds: props.timeout.toSeconds() + START_MINUTES * 60,
  ResultPath: props.resultPath,
  Parameters: {
    ApplicationId: props.application.attrApplicationId,
    // The same attempt never starts a second job; the next attempt does, with a token of its own.
    'ClientToken.$': formatOf(props, '$$.State.RetryCount'),
    'Name.$': formatOf(props),
    ExecutionRoleArn: props.jobRole.roleArn,
    ExecutionTimeoutMinutes: props.timeout.toMinutes(),
    JobDriver: {
      SparkSubmit: {
        EntryPoint: props.entryPoint,
        'EntryPointArguments.$': props.entryPointArguments,
        SparkSubmitParameters: props.sparkSubmitParameters,
      },
    },
    ConfigurationOverrides: { MonitoringConfiguration: { S3MonitoringConfiguration: { LogUri: props.logUri } } },
    Tags: { 'sluice:run.$': '$$.Execution.Name', 'sluice:step': props.step },
  },
});
