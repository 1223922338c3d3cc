import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { BackfillDefinition } from './backfill-definition.ts';
import { allowSendFromOutside } from './commit-queue.ts';
import { DomainMachine } from './domain-machine.ts';
import { EmrServerlessStartJobRun, START_MINUTES } from './emr-serverless-start-job-run.ts';
import { allowPublish } from './event-bus.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { publishParameter } from './names.ts';
import { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';
import type { PythonFunction } from './python-function.ts';
import type { SparkApplication } from './spark-application.ts';
import type { SparkCode } from './spark-code.ts';

export interface BackfillsProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly deadLetters: IQueue;
  readonly spark: SparkApplication;
  readonly code: SparkCode;
  /** Takes tables back to earlier versions. */
  readonly restore: PythonFunction;
}

/**
 * Makes history again when a person asks for it: a function that plans, starts and stops, a machine of its own beside
 * the one of runs, and a function that records what came of it.
 */
export class Backfills extends Construct {
  readonly record: NodeFunction;
  readonly steer: NodeFunction;
  private readonly machineArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BackfillsProps,
  ) {
    super(scope, id);
    this.machineArn = DomainMachine.arnOf(this, { ...props, name: 'backfill' });
    this.record = this.recordBackfill();
    this.steer = this.steerBackfill();
    this.createMachine();
    this.recordWhatBroke();
  }

  private addFunction(id: string, name: string, description: string): NodeFunction {
    const { environment, domain, contracts, deadLetters, lake, ledger } = this.props;
    // It may have to take away a folder of many files.
    const size = { memoryMb: 512, timeout: Duration.minutes(4) };
    const fn = new NodeFunction(this, id, { environment, domain, contracts, name, description, deadLetters, ...size });
    ledger.grantReadWrite(fn);
    lake.grantRemove(fn, 'silver', shadowPrefix(domain));
    return fn;
  }

  private steerBackfill(): NodeFunction {
    const { environment, domain, lake, restore } = this.props;
    const fn = this.addFunction(
      'SteerBackfill',
      'steer-backfill',
      'Plans, starts, pauses, resumes and cancels backfills; takes silver back',
    );
    lake.grantReadWrite(fn, 'ops', `backfills/${domain}/`);
    lake.grantRead(fn, 'ops', `runs/${domain}/`);
    for (const zone of ['bronze', 'silver'] as const) lake.grantRead(fn, zone, `${domain}/`);
    lake.locate(fn, 'gold');
    fn.addSetting('BACKFILL_MACHINE_ARN', this.machineArn);
    fn.addSetting('RESTORE_FUNCTION', restore.function.functionName);
    allow(fn.role, { actions: ['lambda:InvokeFunction'], resources: [restore.function.functionArn] });
    fn.addSetting('INTERVALS_AT_ONCE', String(environment.spark.intervalsAtOnce));
    allow(fn.role, { actions: ['states:StartExecution'], resources: [this.machineArn] });
    allow(fn.role, {
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [`${this.machineArn.replace(':stateMachine:', ':execution:')}:*`],
      wildcardReason: 'an execution is named after its attempt',
    });
    const path = [domain, 'steer-backfill-function'];
    publishParameter(this, 'SteerFunction', { environment, path, value: fn.function.functionName });
    return fn;
  }

  private recordBackfill(): NodeFunction {
    const { environment, domain, lake } = this.props;
    const fn = this.addFunction('RecordBackfill', 'record-backfill', 'Records what backfills made of their table');
    lake.grantRead(fn, 'ops', `backfills/${domain}/`);
    // The job that settles, with what it may wait for its start, twice.
    fn.addSetting('SETTLE_MINUTES', String(2 * (environment.spark.jobTimeoutMinutes + START_MINUTES)));
    allowSendFromOutside(fn, this, { environment, domain });
    allowPublish(fn);
    return fn;
  }

  private createMachine(): void {
    const { environment, domain } = this.props;
    const fill = this.job('Fill', 'fill', "'--fill', States.Format('{}', $.index)", '$.index');
    const settle = this.job('Settle', 'settle', "'--settle', States.Format('{}', $.domain.consumed)");
    new DomainMachine(this, 'Machine', {
      ...{ environment, domain, name: 'backfill', parameter: 'backfill-machine-arn', timeout: Duration.days(7) },
      ...{ functions: [this.record], jobs: [fill, settle] },
      define: (machine) =>
        new BackfillDefinition(machine, 'Definition', { recordBackfill: this.record, fill, settle }).start,
    });
  }

  private job(id: string, step: string, task: string, item?: string): EmrServerlessStartJobRun {
    const { environment, lake, spark, code } = this.props;
    return new EmrServerlessStartJobRun(this, id, {
      application: spark.application,
      jobRole: spark.jobRole,
      step,
      ...(item ? { item } : {}),
      entryPoint: code.entryPoint('backfill'),
      entryPointArguments: `States.Array('--plan', $.planUri, ${task})`,
      sparkSubmitParameters: code.sparkSubmitParameters('backfill'),
      logUri: lake.uri('ops', 'logs/'),
      timeout: Duration.minutes(environment.spark.jobTimeoutMinutes),
      resultPath: `$.${step}Job`,
    });
  }

  /** An execution that was stopped or killed could not record itself, and might keep the domain. */
  private recordWhatBroke(): void {
    const event = RuleTargetInput.fromObject({
      step: 'failed',
      execution: EventField.fromPath('$.detail.name'),
      error: {
        Error: EventField.fromPath('$.detail.status'),
        Cause: 'the execution ended without finishing its backfill',
      },
    });
    const target = new LambdaTarget(this.record.function, {
      ...{ event, deadLetterQueue: this.props.deadLetters, maxEventAge: Duration.hours(6), retryAttempts: 20 },
    });
    const detail = { stateMachineArn: [this.machineArn], status: ['FAILED', 'ABORTED', 'TIMED_OUT'] };
    const detailType = ['Step Functions Execution Status Change'];
    new Rule(this, 'Broke', { eventPattern: { source: ['aws.states'], detailType, detail }, targets: [target] });
  }
}

/** Folders of what backfills have made, beside the tables. */
const shadowPrefix = (domain: string): string => `${domain}/_backfill_`;
