import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as CdkFunction,
  type Code,
  type ILayerVersion,
  type Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { nameOf } from './names.ts';
import { allow, type Grantee } from './permissions.ts';

export interface LambdaFunctionProps {
  readonly environment: Environment;
  /** None for a function that serves all domains. */
  readonly domain?: string;
  /** Verb and noun; also the folder below `lambdas/`. */
  readonly name: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** Where events go that an asynchronous call could not get through. */
  readonly deadLetters?: IQueue;
  /** Invocations at the same time that it may take, and is sure to get. */
  readonly reservedConcurrency?: number | undefined;
}

interface Implementation {
  readonly runtime: Runtime;
  readonly handler: string;
  readonly code: Code;
  readonly layers?: readonly ILayerVersion[];
  readonly settings?: Readonly<Record<string, string>>;
}

/** An ARM64 function with a role and a log group of its own, which may do nothing until it is granted. */
export class LambdaFunction extends Construct implements Grantee {
  readonly function: CdkFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps, implementation: Implementation) {
    super(scope, id);
    const functionName = nameOf(props.environment, ...(props.domain ? [props.domain] : []), props.name);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/sluice/${props.environment.name}/functions/${functionName}`,
      retention: props.environment.logRetentionDays,
      removalPolicy: props.environment.removalPolicy,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    allow(this.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    this.function = new CdkFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: implementation.runtime,
      handler: implementation.handler,
      code: implementation.code,
      layers: [...(implementation.layers ?? [])],
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      environment: { ...settingsOf(props), ...implementation.settings },
      ...(props.reservedConcurrency ? { reservedConcurrentExecutions: props.reservedConcurrency } : {}),
      ...(props.deadLetters ? { deadLetterQueue: props.deadLetters } : {}),
    });
  }

  addSetting(name: string, value: string): void {
    this.function.addEnvironment(name, value);
  }
}

const settingsOf = ({ environment, domain, name }: LambdaFunctionProps): Record<string, string> => ({
  SLUICE_ENV: environment.name,
  ...(domain ? { DOMAIN: domain } : {}),
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
  POWERTOOLS_TRACE_ENABLED: 'false',
});
