import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { type Contract, tableId } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { publishParameter } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';
import { PythonFunction } from './python-function.ts';

export interface TableMaintenanceProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly deadLetters: DeadLetters;
  /** Starts the run that had to wait for maintenance. */
  readonly startRun: NodeFunction;
}

/**
 * Keeps a domain's tables fast to read, on a schedule and beside everything else: compaction, checkpoints, vacuum and
 * clean-up of logs. Tables that runs write are touched only while no run does.
 */
export class TableMaintenance extends Construct {
  private readonly maintain: PythonFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: TableMaintenanceProps,
  ) {
    super(scope, id);
    const { environment, domain, contracts, deadLetters } = settings;
    this.maintain = new PythonFunction(this, 'MaintainTables', {
      environment,
      domain,
      contracts,
      name: 'maintain-tables',
      description: 'Compacts, checkpoints and vacuums the Delta tables of a domain',
      // Compaction holds one file of up to 256 MB at a time, unpacked.
      memoryMb: 3008,
      timeout: Duration.minutes(15),
      deadLetters: deadLetters.queue,
    });
    this.grantTables();
    this.schedule();
    const value = this.maintain.function.functionName;
    publishParameter(this, 'FunctionName', { environment, path: [domain, 'maintain-tables-function'], value });
  }

  private grantTables(): void {
    const { domain, lake, ledger, startRun } = this.settings;
    for (const zone of ['bronze', 'silver', 'gold'] as const) lake.grantManage(this.maintain, zone, `${domain}/`);
    lake.grantManage(this.maintain, 'ops', `${domain}/quarantine/`);
    ledger.grantReadWrite(this.maintain);
    this.maintain.addSetting('START_RUN_FUNCTION', startRun.function.functionName);
    allow(this.maintain.role, { actions: ['lambda:InvokeFunction'], resources: [startRun.function.functionArn] });
  }

  private schedule(): void {
    const { environment, domain, contracts } = this.settings;
    const tables = [...contracts.map(tableId), `${domain}.ops.quarantine`];
    const event = RuleTargetInput.fromObject({ tables });
    const deadLetterQueue = this.settings.deadLetters.queue;
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.hours(environment.maintenanceHours)),
      targets: [new LambdaTarget(this.maintain.function, { event, deadLetterQueue, retryAttempts: 2 })],
    });
  }
}
