import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type CfnStateMachine, DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { definitionProblems } from './definition-validation.ts';
import { nameOf, publishParameter } from './names.ts';
import { allow } from './permissions.ts';
import { RunDefinition, type RunSteps } from './run-definition.ts';

export interface RunMachineProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly steps: RunSteps;
}

/** The machine that runs a domain: validated at synthesis, logged in full, allowed what its steps need. */
export class RunMachine extends Construct {
  readonly machine: StateMachine;
  private readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RunMachineProps,
  ) {
    super(scope, id);
    const { environment, domain, steps } = props;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    this.allowSteps(steps);
    this.machine = this.createMachine(new RunDefinition(this, 'Definition', steps));
    this.node.addValidation({ validate: () => definitionProblems(this.l1) });
    publishParameter(this, 'Arn', {
      environment,
      path: [domain, 'state-machine-arn'],
      value: this.machine.stateMachineArn,
    });
  }

  /** Known before the machine exists: its own functions start the next execution. */
  static arnOf(scope: Construct, environment: Environment, domain: string): string {
    const resource = `stateMachine:${nameOf(environment, domain, 'run')}`;
    return Stack.of(scope).formatArn({ service: 'states', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  private createMachine(definition: RunDefinition): StateMachine {
    const { environment, domain } = this.props;
    const name = nameOf(environment, domain, 'run');
    return new StateMachine(this, 'Machine', {
      stateMachineName: name,
      definitionBody: DefinitionBody.fromChainable(definition.start),
      // The CDK would grant every version of each function as well.
      role: this.role.withoutPolicyUpdates(),
      timeout: Duration.hours(12),
      tracingEnabled: this.allowTracing(),
      logs: { destination: this.createLogs(name), level: LogLevel.ALL, includeExecutionData: true },
    });
  }

  private allowSteps({ refine, model, ...functions }: RunSteps): void {
    const resources = Object.values(functions).map((step) => step.function.functionArn);
    allow(this.role, { actions: ['lambda:InvokeFunction'], resources });
    refine.grantTo(this.role);
    model.grantTo(this.role);
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
