import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  SingleValueWidget,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { takesFiles } from '../constructs/file-intake.ts';
import { Lake } from '../constructs/lake.ts';
import { Ledger } from '../constructs/ledger.ts';
import { nameOf } from '../constructs/names.ts';
import { Watchdog } from '../constructs/watchdog.ts';
import { type Contract, tableId } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { hasHistory } from '../plan/history.ts';

export interface ObservabilityStackProps extends StackProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
}

export const FUNCTIONS = [
  'land-records',
  'land-file',
  'replay-records',
  'commit-batches',
  'reconcile-landing',
  'reconcile-files',
  'advance-loads',
  'balance-accounts',
  'start-run',
  'plan-run',
  'evaluate-gate',
  'publish-tables',
  'finish-run',
  'maintain-tables',
  'roll-back-tables',
  'restore-tables',
  'watch-domain',
  'steer-backfill',
  'record-backfill',
] as const;
type How = Partial<Pick<AlarmProps, 'comparisonOperator' | 'treatMissingData'>>;
type FunctionName = (typeof FUNCTIONS)[number];
const OF_FILES: readonly FunctionName[] = ['land-file', 'reconcile-files', 'advance-loads'];

/** What tells that a domain is well, and what calls when it is not. Finds everything by name, so it can be replaced. */
export class ObservabilityStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    private readonly settings: ObservabilityStackProps,
  ) {
    super(scope, id, settings);
    this.addWatchdog();
    this.addDashboard();
    if (settings.environment.alarms) this.addAlarms();
  }

  /** Those that are deployed: no domain has what none of its contracts asks for. */
  private get functions(): readonly FunctionName[] {
    return FUNCTIONS.filter((name) => !OF_FILES.includes(name) || takesFiles(this.settings.contracts));
  }

  private get deadLetters(): readonly string[] {
    const files = takesFiles(this.settings.contracts) ? ['files-dead-letters'] : [];
    return ['commits-dead-letters.fifo', 'events-dead-letters', ...files];
  }

  private addWatchdog(): void {
    const { environment } = this.settings;
    const ledger = new Ledger(this, 'Ledger', { environment, lake: new Lake(this, 'Lake', environment) });
    new Watchdog(this, 'Watchdog', { ...this.settings, ledger, deadLetters: this.deadLetters });
  }

  private addAlarms(): void {
    for (const queue of this.deadLetters) this.alarm(`DeadLetters-${queue}`, this.messages(queue), 1, 'dead-letters');
    for (const name of this.functions)
      this.alarm(`Errors-${name}`, this.ofFunction(name, 'Errors'), 1, 'function-errors');
    const minutes = (count: number): number => Duration.minutes(count).toMilliseconds();
    this.alarm(
      'IteratorAge',
      this.ofFunction('land-records', 'IteratorAge', Stats.MAXIMUM),
      minutes(5),
      'iterator-age',
    );
    this.alarm('CommitQueueAge', this.oldestMessage('commits.fifo'), 10 * 60, 'commit-queue-age');
    // A table that waits is tried more and more rarely, up to an hour.
    const ofTables = (name: string, statistic: string): Metric =>
      this.ofDomain(name, statistic).with({ period: Duration.hours(1) });
    this.alarm('CommitAge', ofTables('CommitAge', Stats.MAXIMUM), 10 * 60, 'commit-age');
    this.alarm('StoppedTables', ofTables('TableStopped', Stats.SUM), 1, 'stopped-tables');
    // Longer than the pause between two counts, so that the alarm does not go off again with each of them.
    const stranded = (name: string): Metric =>
      this.ofDomain(name, Stats.MAXIMUM).with({ period: Duration.minutes(30) });
    this.alarm('StrandedBatches', stranded('BatchesStranded'), 1, 'stranded-batches');
    if (takesFiles(this.settings.contracts)) {
      this.alarm('StrandedFiles', stranded('FilesStranded'), 1, 'stranded-files');
      this.alarm('ParkedFiles', stranded('FilesParked'), 1, 'parked-files');
      this.alarm('FailedLoads', stranded('FilesFailed'), 1, 'failed-loads');
      // Both attempts of two loads, one after the other.
      const late = Duration.minutes(4 * this.settings.environment.spark.jobTimeoutMinutes).toSeconds();
      this.alarm('LoadAge', stranded('LoadAge'), late, 'load-age');
    }
    for (const { table } of this.settings.contracts.filter(({ ingest }) => ingest?.from === 'firehose'))
      this.alarm(`LateDelivery-${table}`, this.oldestUndelivered(table), 15 * 60, 'late-delivery');
    // Longer than the pause between two looks, for the same reason.
    const looks = { period: Duration.minutes(2 * this.settings.environment.audit.everyMinutes) };
    const ofAccounts = (name: string): Metric => this.ofDomain(name, Stats.MAXIMUM).with(looks);
    this.alarm('UnaccountedEvents', ofAccounts('EventsUnaccounted'), 1, 'unaccounted-events');
    this.alarm('ParkedRecords', ofAccounts('EventsOnFailure'), 1, 'parked-records');
    this.alarm('HeldEvents', this.ofDomain('EventsHeld'), 1, 'held-events');
    this.alarm('SequenceGaps', ofAccounts('SequenceGaps'), 1, 'sequence-gaps');
    for (const contract of this.settings.contracts.filter(({ layer }) => layer === 'bronze'))
      this.alarmOfRefusals(contract);
    this.alarm('FailedMaintenance', this.ofDomain('MaintenanceFailures'), 1, 'failed-maintenance');
    this.alarm('FailedRuns', this.ofDomain('RunsFailed'), 1, 'failed-runs');
    this.alarm('FailedBackfills', this.ofDomain('BackfillsFailed'), 1, 'failed-backfills');
    this.alarm('BlockedRuns', this.ofDomain('RunsBlocked'), 1, 'blocked-runs');
    this.addAlarmsOfWatchdog();
    if (this.settings.contracts.some(({ checks }) => checks.some(hasHistory)))
      this.alarm('UnusualNumbers', this.ofDomain('RulesUnusual'), 1, 'unusual-numbers');
  }

  private addAlarmsOfWatchdog(): void {
    // Longer than the pause between two looks, so that the alarm does not go off again with each of them.
    const period = Duration.minutes(2 * this.settings.environment.watchdog.everyMinutes);
    const alarms = [
      ['LateTables', 'TablesLate', 'late-tables'],
      ['OverdueTables', 'TablesOverdue', 'overdue-tables'],
      ['UnusualVolumes', 'VolumesUnusual', 'unusual-volumes'],
      ['LongRuns', 'RunsLong', 'long-runs'],
      ['StuckLeases', 'LeasesStuck', 'stuck-leases'],
      ['OldQuarantine', 'QuarantinesOld', 'quarantine'],
    ] as const;
    for (const [id, metric, runbook] of alarms)
      this.alarm(id, this.ofDomain(metric, Stats.MAXIMUM).with({ period }), 1, runbook);
    // It cannot tell of itself that nobody calls it.
    this.alarm(
      'SilentWatchdog',
      this.ofFunction('watch-domain', 'Invocations').with({ period }),
      1,
      'silent-watchdog',
      {
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
  }

  /** The share of a stream's events that were refused: nothing is stopped for it, so somebody must look. */
  private alarmOfRefusals({ table, blockAbovePercent, ...contract }: Contract): void {
    if (blockAbovePercent === undefined) return;
    const dimensionsMap = { domain: contract.domain, table: tableId({ table, ...contract }) };
    const counted = (metricName: string): Metric =>
      new Metric({ namespace: 'Sluice', metricName, dimensionsMap, statistic: Stats.SUM });
    const share = new MathExpression({
      expression: '100 * refused / (refused + FILL(landed, 0))',
      usingMetrics: { refused: counted('EventsRefused'), landed: counted('RowsLanded') },
      period: Duration.minutes(15),
      label: `refused of ${table}, in percent`,
    });
    this.alarm(`RefusedEvents-${table}`, share, blockAbovePercent, 'refused-events', {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    });
  }

  private alarm(id: string, metric: IMetric, threshold: number, runbook: string, how: How = {}): void {
    const { environment, domain } = this.settings;
    new Alarm(this, id, {
      alarmName: nameOf(environment, domain, id.replaceAll('.', '-')),
      alarmDescription: `docs/runbook.md#${runbook}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // Nothing to count means that nothing happened.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...how,
    });
  }

  private addDashboard(): void {
    const { environment, domain } = this.settings;
    const graph = (title: string, ...left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 12 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: nameOf(environment, domain),
      defaultInterval: Duration.days(1),
      widgets: [
        [
          new SingleValueWidget({
            title: 'Runs',
            metrics: ['RunsSucceeded', 'RunsBlocked', 'RunsFailed', 'RunsCancelled'].map((name) => this.ofDomain(name)),
            width: 12,
          }),
          graph('Run duration', this.ofDomain('RunDuration', Stats.MAXIMUM)),
        ],
        [
          graph('Rows', this.ofDomain('RowsLanded'), this.ofDomain('RowsQuarantined')),
          graph('Freshness', this.ofDomain('Freshness', Stats.MAXIMUM)),
        ],
        [
          graph(
            'Conservation',
            ...['EventsUnaccounted', 'EventsInFlight', 'EventsDuplicated', 'SequenceGaps'].map((name) =>
              this.ofDomain(name, Stats.MAXIMUM),
            ),
          ),
          graph('Quality', ...this.quality),
        ],
        [
          graph('Iterator age', this.ofFunction('land-records', 'IteratorAge', Stats.MAXIMUM)),
          graph(
            'Waiting',
            ...this.labelled(['commits.fifo', 'commits-dead-letters.fifo'], (queue) => this.messages(queue)),
          ),
        ],
        [
          graph('Function errors', ...this.labelled(this.functions, (name) => this.ofFunction(name, 'Errors'))),
          graph(
            'Function duration',
            ...this.labelled(this.functions, (name) => this.ofFunction(name, 'Duration', Stats.MAXIMUM)),
          ),
        ],
      ],
    });
  }

  /** Of the product, and of the tables that people read. */
  private get quality(): IMetric[] {
    const { domain, contracts } = this.settings;
    const gold = contracts.filter(({ layer }) => layer === 'gold').map(tableId);
    const worst = this.ofDomain('Quality', Stats.MINIMUM).with({ label: domain, period: Duration.hours(1) });
    const ofTable = (table: string) => worst.with({ dimensionsMap: { domain, table } });
    return [worst, ...this.labelled(gold, ofTable)];
  }

  /** Only in graphs: an alarm over a labelled metric has no dimensions of its own. */
  private labelled<T extends string>(names: readonly T[], metricOf: (name: T) => Metric): IMetric[] {
    return names.map((label) => metricOf(label).with({ label }));
  }

  private ofFunction(name: FunctionName, metricName: string, statistic: string = Stats.SUM): Metric {
    const { environment, domain } = this.settings;
    const dimensionsMap = { FunctionName: nameOf(environment, domain, name) };
    return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, statistic });
  }

  /** Seconds that the oldest record of a delivery stream has waited for its file. */
  private oldestUndelivered(table: string): Metric {
    const { environment, domain } = this.settings;
    const dimensionsMap = { DeliveryStreamName: nameOf(environment, domain, table) };
    const metricName = 'DeliveryToS3.DataFreshness';
    return new Metric({ namespace: 'AWS/Firehose', metricName, dimensionsMap, statistic: Stats.MAXIMUM });
  }

  private messages(queue: string): Metric {
    return this.ofQueue(queue, 'ApproximateNumberOfMessagesVisible');
  }

  private oldestMessage(queue: string): Metric {
    return this.ofQueue(queue, 'ApproximateAgeOfOldestMessage');
  }

  private ofQueue(queue: string, metricName: string): Metric {
    const { environment, domain } = this.settings;
    const dimensionsMap = { QueueName: nameOf(environment, domain, queue) };
    return new Metric({ namespace: 'AWS/SQS', metricName, dimensionsMap, statistic: Stats.MAXIMUM });
  }

  private ofDomain(metricName: string, statistic: string = Stats.SUM): Metric {
    const dimensionsMap = { domain: this.settings.domain };
    return new Metric({ namespace: 'Sluice', metricName, dimensionsMap, statistic });
  }
}
