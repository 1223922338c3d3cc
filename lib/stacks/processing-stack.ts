import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventField, type EventPattern, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Backfills } from '../constructs/backfills.ts';
import { allowSendFromOutside } from '../constructs/commit-queue.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { DomainMachine } from '../constructs/domain-machine.ts';
import { EmrServerlessStartJobRun } from '../constructs/emr-serverless-start-job-run.ts';
import { allowPublish } from '../constructs/event-bus.ts';
import { takesFiles } from '../constructs/file-intake.ts';
import { FileLoads } from '../constructs/file-loads.ts';
import { GoldRollback } from '../constructs/gold-rollback.ts';
import { Lake } from '../constructs/lake.ts';
import { Ledger } from '../constructs/ledger.ts';
import { publishParameter } from '../constructs/names.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { allow } from '../constructs/permissions.ts';
import type { PythonFunction } from '../constructs/python-function.ts';
import type { RunSteps } from '../constructs/run-definition.ts';
import { RunMachine } from '../constructs/run-machine.ts';
import { RunSchedules } from '../constructs/run-schedules.ts';
import { allowShowGold } from '../constructs/show-gold.ts';
import { SparkApplication } from '../constructs/spark-application.ts';
import { SparkCode } from '../constructs/spark-code.ts';
import { TableMaintenance } from '../constructs/table-maintenance.ts';
import { TableWriters } from '../constructs/table-writers.ts';
import { type Contract, folderOf } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';

export interface ProcessingStackProps extends StackProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  /** Tables of other domains that its gold is made of. */
  readonly upstream: readonly Contract[];
}

/** From bronze to published gold: what starts a run, the machine that does it, and the Spark that it uses. */
export class ProcessingStack extends Stack {
  private readonly lake: Lake;
  private readonly ledger: Ledger;
  private readonly deadLetters: DeadLetters;
  private readonly machineArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: ProcessingStackProps,
  ) {
    super(scope, id, settings);
    const { environment, domain } = settings;
    this.lake = new Lake(this, 'Lake', environment);
    this.ledger = new Ledger(this, 'Ledger', { environment, lake: this.lake });
    this.deadLetters = new DeadLetters(this, 'EventsDeadLetters', { environment, domain });
    this.machineArn = DomainMachine.arnOf(this, { environment, domain, name: 'run' });
    const spark = new SparkApplication(this, 'Spark', { ...settings, lake: this.lake });
    const code = new SparkCode(this, 'SparkCode', { environment, domain });
    const steps: RunSteps = {
      planRun: this.planRun(),
      evaluateGate: this.evaluateGate(),
      publishTables: this.publishTables(),
      finishRun: this.finishRun(),
      ...this.jobs(spark, code),
    };
    new RunMachine(this, 'RunMachine', { environment, domain, steps });
    const rollback = this.rollBackTables();
    const roles = {
      jobRole: spark.jobRole,
      publishRole: steps.publishTables.role,
      rollBackRole: rollback.rollBack.role,
    };
    new TableWriters(this, 'TableWriters', { domain, lake: this.lake, ...roles });
    const startRun = this.startRun();
    this.startOnCommits(startRun);
    this.startAfterOthers(startRun);
    this.finishWhatBroke(steps.finishRun);
    const { lake, ledger, deadLetters } = this;
    new TableMaintenance(this, 'Maintenance', { ...settings, lake, ledger, deadLetters, startRun });
    this.startByTheClock(startRun);
    this.loadFiles(spark, code);
    this.makeHistoryAgain(spark, code, rollback.restore);
  }

  private makeHistoryAgain(spark: SparkApplication, code: SparkCode, restore: PythonFunction): void {
    const { lake, ledger } = this;
    const deadLetters = this.deadLetters.queue;
    const props = { ...this.settings, lake, ledger, deadLetters, spark, code, restore };
    const again = new Backfills(this, 'Backfills', props);
    // Either gives the domain back, and starts the run that is due then.
    for (const fn of [again.record, again.steer]) this.allowStart(fn);
  }

  /** Only where a contract asks for it. */
  private startByTheClock(startRun: NodeFunction): void {
    const { contracts } = this.settings;
    if (!contracts.some(({ schedule }) => schedule)) return;
    const { deadLetters } = this;
    new RunSchedules(this, 'RunSchedules', { contracts, startRun, deadLetters });
  }

  /** Only where a contract asks for files. */
  private loadFiles(spark: SparkApplication, code: SparkCode): void {
    const { environment, domain, contracts } = this.settings;
    if (!takesFiles(contracts)) return;
    const { lake, ledger } = this;
    const deadLetters = this.deadLetters.queue;
    new FileLoads(this, 'FileLoads', { environment, domain, lake, ledger, deadLetters, spark, code });
  }

  private jobs(spark: SparkApplication, code: SparkCode): Pick<RunSteps, 'refine' | 'model'> {
    const { environment } = this.settings;
    code.grantRead(spark.jobRole);
    const job = (id: string, step: 'refine' | 'model'): EmrServerlessStartJobRun =>
      new EmrServerlessStartJobRun(this, id, {
        application: spark.application,
        jobRole: spark.jobRole,
        step,
        entryPoint: code.entryPoint(step),
        entryPointArguments: "States.Array('--plan', $.plan.planUri)",
        sparkSubmitParameters: code.sparkSubmitParameters(step),
        logUri: this.lake.uri('ops', 'logs/'),
        timeout: Duration.minutes(environment.spark.jobTimeoutMinutes),
        resultPath: `$.${step}`,
      });
    return { refine: job('Refine', 'refine'), model: job('Model', 'model') };
  }

  private addFunction(
    id: string,
    name: string,
    description: string,
    contracts = this.settings.contracts,
  ): NodeFunction {
    const { environment, domain } = this.settings;
    const deadLetters = this.deadLetters.queue;
    const size = { memoryMb: 512, timeout: Duration.minutes(1) };
    const fn = new NodeFunction(this, id, { environment, domain, contracts, name, description, deadLetters, ...size });
    this.ledger.grantReadWrite(fn);
    return fn;
  }

  private startRun(): NodeFunction {
    const { environment, domain } = this.settings;
    const fn = this.addFunction('StartRun', 'start-run', 'Starts a run, or marks the domain dirty while one is active');
    this.allowStart(fn);
    allow(fn.role, {
      actions: ['states:DescribeExecution'],
      resources: [`${this.machineArn.replace(':stateMachine:', ':execution:')}:*`],
      wildcardReason: 'an execution is named after its run',
    });
    const path = [domain, 'start-run-function'];
    publishParameter(this, 'StartRunFunction', { environment, path, value: fn.function.functionName });
    return fn;
  }

  private planRun(): NodeFunction {
    const { domain, contracts, upstream } = this.settings;
    const about = 'Decides what a run will do and writes its plan';
    const fn = this.addFunction('PlanRun', 'plan-run', about, [...contracts, ...upstream]);
    this.lake.grantRead(fn, 'bronze', `${domain}/`);
    this.lake.grantRead(fn, 'silver', `${domain}/`, ...upstream.map(folderOf));
    this.lake.locate(fn, 'gold');
    this.lake.grantWrite(fn, 'ops', `runs/${domain}/`);
    return fn;
  }

  private evaluateGate(): NodeFunction {
    const { environment, domain } = this.settings;
    const fn = this.addFunction(
      'EvaluateGate',
      'evaluate-gate',
      'Judges a step by its checks and sends on what it refused',
    );
    this.lake.grantRead(fn, 'ops', `runs/${domain}/`);
    allowSendFromOutside(fn, this, { environment, domain });
    return fn;
  }

  private publishTables(): NodeFunction {
    const { domain } = this.settings;
    const fn = this.addFunction('PublishTables', 'publish-tables', 'Shows consumers the slot that passed its gate');
    this.lake.grantRead(fn, 'ops', `runs/${domain}/`);
    allowShowGold(fn, { domain, lake: this.lake, ledger: this.ledger });
    return fn;
  }

  /** A run that commits asked for meanwhile starts at its end. */
  private rollBackTables(): GoldRollback {
    const { lake, ledger } = this;
    const deadLetters = this.deadLetters.queue;
    const rollback = new GoldRollback(this, 'Rollback', { ...this.settings, lake, ledger, deadLetters });
    this.allowStart(rollback.rollBack);
    return rollback;
  }

  private finishRun(): NodeFunction {
    const { domain } = this.settings;
    const fn = this.addFunction('FinishRun', 'finish-run', 'Records a run, releases its domain and starts what waited');
    this.lake.grantRead(fn, 'ops', `runs/${domain}/`);
    this.lake.grantWrite(fn, 'ops', `lineage/${domain}/`);
    this.lake.grantReadWrite(fn, 'evidence', `${domain}/`);
    this.allowStart(fn);
    this.allowLineage(fn);
    allowPublish(fn);
    return fn;
  }

  private allowStart(fn: NodeFunction): void {
    fn.addSetting('STATE_MACHINE_ARN', this.machineArn);
    fn.addSetting('SETTLE_SECONDS', String(this.settings.environment.settleSeconds));
    allow(fn.role, { actions: ['states:StartExecution'], resources: [this.machineArn] });
  }

  private allowLineage(fn: NodeFunction): void {
    const { environment, domain } = this.settings;
    const logs = new LogGroup(this, 'Lineage', {
      logGroupName: `/sluice/${environment.name}/lineage/${domain}`,
      retention: environment.logRetentionDays,
      removalPolicy: environment.removalPolicy,
    });
    fn.addSetting('LINEAGE_LOG_GROUP', logs.logGroupName);
    allow(fn.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    });
  }

  /** Quarantine and the layers above are written by runs, so only a commit to bronze starts one. */
  private startOnCommits(startRun: NodeFunction): void {
    const { domain } = this.settings;
    const detail = { domain: [domain], table: [{ prefix: `${domain}.bronze.` }] };
    this.onEvent('TableCommitted', { source: ['sluice'], detailType: ['TableCommitted'], detail }, startRun);
  }

  /** Only where gold is made of tables of other domains: a run that gold's gate stopped has refined silver, too. */
  private startAfterOthers(startRun: NodeFunction): void {
    const domains = [...new Set(this.settings.upstream.map(({ domain }) => domain))];
    if (domains.length === 0) return;
    const detail = { domain: domains, outcome: ['succeeded', 'blocked'] };
    this.onEvent('UpstreamRunEnded', { source: ['sluice'], detailType: ['RunEnded'], detail }, startRun);
  }

  /** An execution that was killed could not record itself, and would keep its domain for ever. */
  private finishWhatBroke(finishRun: NodeFunction): void {
    const detail = { stateMachineArn: [this.machineArn], status: ['FAILED', 'ABORTED', 'TIMED_OUT'] };
    const pattern = { source: ['aws.states'], detailType: ['Step Functions Execution Status Change'], detail };
    const error = {
      Error: EventField.fromPath('$.detail.status'),
      Cause: 'the execution ended without finishing its run',
    };
    const state = { runId: EventField.fromPath('$.detail.name'), trigger: 'unknown', error };
    this.onEvent('RunBroke', pattern, finishRun, RuleTargetInput.fromObject({ outcome: 'failed', state }));
  }

  private onEvent(id: string, eventPattern: EventPattern, fn: NodeFunction, event?: RuleTargetInput): void {
    const target = new LambdaTarget(fn.function, {
      deadLetterQueue: this.deadLetters.queue,
      maxEventAge: Duration.hours(6),
      retryAttempts: 20,
      ...(event ? { event } : {}),
    });
    new Rule(this, id, { eventPattern, targets: [target] });
  }
}
