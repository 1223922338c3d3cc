import { Duration } from 'aws-cdk-lib';
import { EventField, type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { allowSendFromOutside } from './commit-queue.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { NodeFunction } from './node-function.ts';
import { allowJobRuns, jobRoleOf, type SparkApplication } from './spark-application.ts';
import type { SparkCode } from './spark-code.ts';

export interface FileLoadsProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly deadLetters: IQueue;
  readonly spark: SparkApplication;
  readonly code: SparkCode;
}

/** Where land-file leaves what is to be loaded; each new object there is reported. */
export const plansPrefix = (domain: string): string => `loads/${domain}/plans/`;
const resultsPrefix = (domain: string): string => `loads/${domain}/results/`;

/**
 * Files of a domain that are too large for a function: `advance-loads` starts a Spark job for each plan that land-file
 * writes, hands over what the job staged, and records the file's end. It is called by events, and by a clock since
 * events are hints.
 */
export class FileLoads extends Construct {
  private readonly advance: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FileLoadsProps,
  ) {
    super(scope, id);
    const { environment, domain, deadLetters } = props;
    this.advance = new NodeFunction(this, 'AdvanceLoads', {
      environment,
      domain,
      name: 'advance-loads',
      description: 'Starts Spark loads of large files, hands over what they staged and records their end',
      memoryMb: 512,
      timeout: Duration.minutes(2),
      deadLetters,
    });
    this.grantFiles();
    this.setUpJob();
    this.advanceOnPlans();
    this.advanceOnEnds();
    this.advanceOnTime();
  }

  private grantFiles(): void {
    const { advance, props } = this;
    const { environment, domain, lake, ledger } = props;
    // The files themselves are only looked at: whether they still lie there.
    lake.grantRead(advance, 'landing', `loads/${domain}/`, `landing/${domain}/`);
    ledger.grantReadWrite(advance);
    allowSendFromOutside(advance, this, { environment, domain });
  }

  /** A role of its own: no other job reads what was not yet tokenised, nor the keys that make tokens and ids. */
  private setUpJob(): void {
    const { advance, props } = this;
    const { environment, domain, lake, ledger, spark, code } = props;
    const role = jobRoleOf(this, 'JobRole');
    lake.grantRead({ role }, 'landing', `landing/${domain}/`, plansPrefix(domain));
    // Spark writes to a folder of its own first, and tidies up behind itself.
    lake.grantManage({ role }, 'landing', `staged/${domain}/`);
    lake.grantReadWrite({ role }, 'landing', resultsPrefix(domain));
    lake.grantWrite({ role }, 'ops', 'logs/');
    lake.grantSeal({ role }, domain);
    ledger.grantTokenKey({ role });
    ledger.grantEventIdKey({ role }, domain);
    code.grantRead(role);
    allowJobRuns(advance.role, { application: spark.application, jobRole: role });
    const settings = {
      APPLICATION_ID: spark.application.attrApplicationId,
      JOB_ROLE_ARN: role.roleArn,
      JOB_ENTRY_POINT: code.entryPoint('load'),
      // It names no table, so it needs no right on a catalogue.
      JOB_PARAMETERS: `${code.sparkSubmitParameters('load')} --conf spark.sql.catalogImplementation=in-memory`,
      JOB_TIMEOUT_MINUTES: String(environment.spark.jobTimeoutMinutes),
      JOB_LOG_URI: lake.uri('ops', 'logs/'),
      LOADS_AT_ONCE: String(environment.spark.loadsAtOnce),
    };
    for (const [name, value] of Object.entries(settings)) advance.addSetting(name, value);
  }

  private advanceOnPlans(): void {
    const { domain, lake } = this.props;
    const detail = {
      bucket: { name: [lake.bucketName('landing')] },
      object: { key: [{ prefix: plansPrefix(domain) }] },
    };
    const planKey = EventField.fromPath('$.detail.object.key');
    this.onEvent('Planned', { source: ['aws.s3'], detailType: ['Object Created'], detail }, { planKey });
  }

  /** Ends of runs as well, which look the same: a call that finds nothing to do costs next to nothing. */
  private advanceOnEnds(): void {
    const detail = {
      applicationId: [this.props.spark.application.attrApplicationId],
      state: ['SUCCESS', 'FAILED', 'CANCELLED'],
    };
    const detailType = ['EMR Serverless Job Run State Change'];
    this.onEvent('JobEnded', { source: ['aws.emr-serverless'], detailType, detail }, {});
  }

  private onEvent(id: string, eventPattern: EventPattern, input: Readonly<Record<string, string>>): void {
    const target = new LambdaTarget(this.advance.function, {
      deadLetterQueue: this.props.deadLetters,
      maxEventAge: Duration.hours(6),
      retryAttempts: 20,
      event: RuleTargetInput.fromObject(input),
    });
    new Rule(this, id, { eventPattern, targets: [target] });
  }

  /** What one tick fails to do, the next one does: no retries, no dead letters. */
  private advanceOnTime(): void {
    const target = new LambdaTarget(this.advance.function, {
      event: RuleTargetInput.fromObject({}),
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    const schedule = Schedule.rate(Duration.minutes(this.props.environment.reconcileMinutes));
    new Rule(this, 'Schedule', { schedule, targets: [target] });
  }
}
