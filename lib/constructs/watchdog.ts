import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { DomainMachine } from './domain-machine.ts';
import { allowPublish } from './event-bus.ts';
import type { Ledger } from './ledger.ts';
import { nameOf, publishParameter } from './names.ts';
import { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';

export interface WatchdogProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly ledger: Ledger;
  /** Names, without the environment and the domain. */
  readonly deadLetters: readonly string[];
}

/**
 * Looks at a domain by the clock, whether runs come or not, and does by itself what is safe. It knows everything by
 * name, and may do no more than the remedies that its environment allows: a remedy that is off has no rights.
 */
export class Watchdog extends Construct {
  private readonly watch: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: WatchdogProps,
  ) {
    super(scope, id);
    const { environment, domain, contracts } = props;
    this.watch = new NodeFunction(this, 'WatchDomain', {
      ...{ environment, domain, contracts },
      name: 'watch-domain',
      description: 'Looks for what is late, stuck or waiting, and remedies what is safe',
      memoryMb: 512,
      timeout: Duration.minutes(5),
    });
    this.allowLooks();
    this.allowRemedies();
    this.schedule();
    const value = this.watch.function.functionName;
    publishParameter(this, 'FunctionName', { environment, path: [domain, 'watch-domain-function'], value });
  }

  private allowLooks(): void {
    const { environment, domain, ledger, deadLetters } = this.props;
    ledger.grantWatch(this.watch, domain);
    allowPublish(this.watch);
    const machine = DomainMachine.arnOf(this, { environment, domain, name: 'run' });
    this.watch.addSetting('STATE_MACHINE_ARN', machine);
    this.watch.addSetting('RUN_LIMIT_MINUTES', String(RUN_ATTEMPTS * environment.spark.jobTimeoutMinutes));
    this.watch.addSetting('QUARANTINE_DAYS', String(environment.watchdog.quarantineDays));
    this.watch.addSetting('DEAD_LETTER_QUEUES', deadLetters.join(','));
    allow(this.watch.role, {
      actions: ['states:DescribeExecution'],
      resources: [`${machine.replace(':stateMachine:', ':execution:')}:*`],
      wildcardReason: 'an execution is named after its run',
    });
    allow(this.watch.role, {
      actions: ['cloudwatch:GetMetricStatistics'],
      resources: ['*'],
      wildcardReason: 'metrics know no resource',
    });
    // A message that is looked at is received, and given back at once.
    const actions = ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
    allow(this.watch.role, { actions, resources: deadLetters.map((queue) => this.queueArn(queue)) });
  }

  private allowRemedies(): void {
    const { releasesPerDay, restartsPerDay, redrivesPerDay } = this.props.environment.watchdog;
    this.watch.addSetting('RELEASES_PER_DAY', String(releasesPerDay));
    this.watch.addSetting('RESTARTS_PER_DAY', String(restartsPerDay));
    this.watch.addSetting('REDRIVES_PER_DAY', String(redrivesPerDay));
    const calls = [
      ...(releasesPerDay + restartsPerDay + redrivesPerDay > 0 ? ['start-run'] : []),
      ...(releasesPerDay + redrivesPerDay > 0 ? ['finish-run'] : []),
    ];
    const resources = calls.map((name) => this.functionArn(name));
    if (resources.length > 0) allow(this.watch.role, { actions: ['lambda:InvokeFunction'], resources });
    if (redrivesPerDay > 0) this.allowRedrive();
  }

  private allowRedrive(): void {
    const { deadLetters } = this.props;
    const sources = deadLetters.filter((queue) => !queue.startsWith('events-')).map((queue) => queue.replace(DLQ, ''));
    allow(this.watch.role, {
      actions: ['sqs:DeleteMessage'],
      resources: deadLetters.map((queue) => this.queueArn(queue)),
    });
    allow(this.watch.role, {
      actions: ['sqs:GetQueueUrl', 'sqs:SendMessage'],
      resources: sources.map((queue) => this.queueArn(queue)),
    });
  }

  /** What one look could not do, the next one does. */
  private schedule(): void {
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(this.props.environment.watchdog.everyMinutes)),
      targets: [new LambdaTarget(this.watch.function, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }

  private queueArn(queue: string): string {
    const { environment, domain } = this.props;
    const resource = nameOf(environment, domain, queue);
    return Stack.of(this).formatArn({ service: 'sqs', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }

  private functionArn(name: string): string {
    const { environment, domain } = this.props;
    return Stack.of(this).formatArn({
      ...{ service: 'lambda', resource: 'function', resourceName: nameOf(environment, domain, name) },
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** Of two jobs, refine and model, each of which is tried twice. */
const RUN_ATTEMPTS = 4;
const DLQ = '-dead-letters';
