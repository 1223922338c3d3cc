import { ArnFormat, type Duration, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  type CfnStateMachine,
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { definitionProblems } from './definition-validation.ts';
import type { EmrServerlessStartJobRun } from './emr-serverless-start-job-run.ts';
import { nameOf, publishParameter } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';

export interface DomainMachineProps {
  readonly environment: Environment;
  readonly domain: string;
  /** What it does for the domain, in one word. */
  readonly name: 'run' | 'backfill';
  readonly functions: readonly NodeFunction[];
  readonly jobs: readonly EmrServerlessStartJobRun[];
  readonly timeout: Duration;
  /** Last part of the path of the parameter with its ARN. */
  readonly parameter: string;
  /** Creates the states, below the machine, and gives the first. */
  readonly define: (machine: Construct) => IChainable;
}

/** A machine of a domain: validated at synthesis, logged in full, allowed what its steps need. */
export class DomainMachine extends Construct {
  readonly machine: StateMachine;
  private readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DomainMachineProps,
  ) {
    super(scope, id);
    const { environment, domain, parameter } = props;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    this.allowSteps();
    this.machine = this.createMachine(props.define(this));
    this.node.addValidation({ validate: () => definitionProblems(this.l1) });
    publishParameter(this, 'Arn', { environment, path: [domain, parameter], value: this.machine.stateMachineArn });
  }

  /** Known before the machine exists: its own functions start the next execution. */
  static arnOf(
    scope: Construct,
    { environment, domain, name }: Pick<DomainMachineProps, 'environment' | 'domain' | 'name'>,
  ): string {
    const resource = `stateMachine:${nameOf(environment, domain, name)}`;
    return Stack.of(scope).formatArn({ service: 'states', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  private createMachine(start: IChainable): StateMachine {
    const { environment, domain, timeout } = this.props;
    const name = nameOf(environment, domain, this.props.name);
    return new StateMachine(this, 'Machine', {
      stateMachineName: name,
      definitionBody: DefinitionBody.fromChainable(start),
      // The CDK would grant every version of each function as well.
      role: this.role.withoutPolicyUpdates(),
      timeout,
      tracingEnabled: this.allowTracing(),
      logs: { destination: this.createLogs(name), level: LogLevel.ALL, includeExecutionData: true },
    });
  }

  private allowSteps(): void {
    const resources = this.props.functions.map((step) => step.function.functionArn);
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources });
    for (const job of this.props.jobs) job.grantTo(this.role);
  }

  private createLogs(name: string): LogGroup {
    const { environment } = this.props;
    allow(this.role, {
      actions: [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      resources: ['*'],
      wildcardReason: 'log deliveries know no resource',
    });
    return new LogGroup(this, 'Logs', {
      // Only below this prefix may the service write without a policy of its own for each group.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: environment.logRetentionDays,
      removalPolicy: environment.removalPolicy,
    });
  }

  private allowTracing(): boolean {
    const { tracing, name } = this.props.environment;
    if (tracing) {
      allow(this.role, {
        actions: [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
        wildcardReason: 'X-Ray knows no resource for these actions',
      });
    } else {
      const reason = `tracing is off in '${name}', as lib/environments.ts says; each step is logged`;
      Validations.of(this).acknowledge({ id: 'AwsSolutions-SF2', reason });
    }
    return tracing;
  }

  private get l1(): CfnStateMachine {
    return this.machine.node.defaultChild as CfnStateMachine;
  }
}
