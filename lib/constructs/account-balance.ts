import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { publishParameter } from './names.ts';
import { allow } from './permissions.ts';
import { PythonFunction } from './python-function.ts';

export interface AccountBalanceProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly stream: Stream;
  /** Key prefix in the landing bucket of what the stream gave up on. */
  readonly onFailurePrefix: string;
}

/** Balances what went into a domain's stream against what came out of it, on a schedule. Changes no data. */
export class AccountBalance extends Construct {
  private readonly balance: PythonFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: AccountBalanceProps,
  ) {
    super(scope, id);
    const { environment, domain, contracts } = settings;
    this.balance = new PythonFunction(this, 'BalanceAccounts', {
      environment,
      domain,
      contracts,
      name: 'balance-accounts',
      description: 'Counts what was produced, landed, quarantined and given up, by table and hour',
      memoryMb: 2048,
      timeout: Duration.minutes(5),
    });
    this.grantReads();
    this.balance.addSetting('GRACE_SECONDS', String(environment.audit.graceMinutes * 60));
    this.schedule();
    const value = this.balance.function.functionName;
    publishParameter(this, 'FunctionName', { environment, path: [domain, 'balance-accounts-function'], value });
  }

  private grantReads(): void {
    const { domain, lake, ledger, stream, onFailurePrefix, environment } = this.settings;
    lake.grantRead(this.balance, 'bronze', `${domain}/`);
    lake.grantRead(this.balance, 'ops', `${domain}/quarantine`);
    lake.grantRead(this.balance, 'landing', onFailurePrefix);
    this.balance.addSetting('ON_FAILURE_URI', lake.uri('landing', onFailurePrefix));
    ledger.grantReadWrite(this.balance);
    // Not the stream's own grant: that adds wildcard actions on its key.
    const actions = ['DescribeStreamSummary', 'ListShards', 'GetShardIterator', 'GetRecords'];
    allow(this.balance.role, {
      actions: actions.map((action) => `kinesis:${action}`),
      resources: [stream.streamArn],
    });
    this.balance.addSetting('STREAM_NAME', stream.streamName);
    this.balance.addSetting('BYTES_PER_SECOND', String(environment.audit.bytesPerSecond));
  }

  /** What a run could not do, the next one does: a late one would only be in its way. */
  private schedule(): void {
    const every = Duration.minutes(this.settings.environment.audit.everyMinutes);
    const target = new FunctionTarget(this.balance.function, {
      event: RuleTargetInput.fromObject({}),
      retryAttempts: 0,
    });
    new Rule(this, 'Schedule', { schedule: Schedule.rate(every), targets: [target] });
  }
}
