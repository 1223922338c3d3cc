import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Check } from '../../../lib/contract/contract.ts';
import { type Environment, environments } from '../../../lib/environments.ts';
import { FUNCTIONS, ObservabilityStack } from '../../../lib/stacks/observability-stack.ts';
import { shopContracts } from './shop-contracts.ts';
import { type Resource, resourcesOf, synthesised, typeOf } from './synthesised-platform.ts';

const prod = synthesised('prod');
const template = prod.templates.get('sluice-prod-shop-observability') as Template;
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as Resource[];

test('every alarm says where to read on and names what it watches', () => {
  expect(alarms.length).toBeGreaterThan(10);
  for (const { Properties } of alarms) {
    expect(Properties.AlarmDescription).toMatch(/^docs\/runbook\.md#[a-z-]+$/);
    expect(Properties.Dimensions).toHaveLength(1);
  }
});

/** The deploy itself fails where this one does. */
const OF_THE_DEPLOY = '-evolve-tables';

test('every function of the domain is watched', () => {
  const deployed = resourcesOf(prod.templates)
    .filter(typeOf('AWS::Lambda::Function'))
    .map(([, { Properties }]) => Properties.FunctionName)
    .filter((name: string) => name.startsWith('sluice-prod-shop-') && !name.endsWith(OF_THE_DEPLOY));
  expect(deployed.sort()).toEqual(FUNCTIONS.map((name) => `sluice-prod-shop-${name}`).sort());
});

test('every dead-letter queue is watched', () => {
  const queues = resourcesOf(prod.templates)
    .filter(typeOf('AWS::SQS::Queue'))
    .map(([, { Properties }]) => Properties.QueueName)
    .filter((name: string) => name.includes('dead-letters'));
  const watched = alarms.flatMap(({ Properties }) =>
    Properties.Dimensions.map(({ Value }: { Value: string }) => Value),
  );
  expect(queues).toHaveLength(3);
  expect(watched).toEqual(expect.arrayContaining(queues));
});

test('a watchdog that nobody calls is told by the want of its calls', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'sluice-prod-shop-SilentWatchdog',
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Dimensions: [{ Name: 'FunctionName', Value: 'sluice-prod-shop-watch-domain' }],
    ...{ Statistic: 'Sum', Period: 7200, Threshold: 1 },
    ...{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
  });
});

test('a developer is not called', () => {
  const dev = synthesised('dev').templates.get('sluice-dev-shop-observability');
  dev?.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  dev?.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

test('a bronze table that says how many events may be refused has an alarm on their share', () => {
  const environment = environments.prod;
  const contracts = shopContracts.map((contract) =>
    contract.layer === 'bronze' && contract.table === 'orders' ? { ...contract, blockAbovePercent: 2.5 } : contract,
  );
  const stack = new ObservabilityStack(new App(), 'observability', { environment, domain: 'shop', contracts });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'sluice-prod-shop-RefusedEvents-orders',
    AlarmDescription: 'docs/runbook.md#refused-events',
    Threshold: 2.5,
    ComparisonOperator: 'GreaterThanThreshold',
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: '100 * refused / (refused + FILL(landed, 0))' }),
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({
            MetricName: 'EventsRefused',
            Dimensions: Match.arrayWith([{ Name: 'table', Value: 'shop.bronze.orders' }]),
          }),
        }),
      }),
    ]),
  });
});

test('a domain whose rules are judged by earlier runs has an alarm on what is unusual, and no other has', () => {
  const watched: Check = {
    ...{ id: 'usual_rows', name: 'usual_rows', kind: 'anomaly', columns: [], measure: 'rowCount', onFailure: 'warn' },
    usual: { season: 'none', minHistory: 14 },
  };
  const templateOf = (checks: readonly Check[]) => {
    const contracts = shopContracts.map((contract) => ({ ...contract, checks }));
    const settings = { environment: environments.prod, domain: 'shop', contracts };
    return Template.fromStack(new ObservabilityStack(new App(), 'observability', settings));
  };
  const alarm = { AlarmDescription: 'docs/runbook.md#unusual-numbers', MetricName: 'RulesUnusual' };
  templateOf([watched]).hasResourceProperties('AWS::CloudWatch::Alarm', alarm);
  templateOf([]).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', alarm, 0);
});

describe('the watchdog', () => {
  /** What its role may do, by the service. */
  const rightsWith = (watchdog: Partial<Environment['watchdog']>): readonly string[] => {
    const environment = { ...environments.prod, watchdog: { ...environments.prod.watchdog, ...watchdog } };
    const stack = new ObservabilityStack(new App(), 'observability', {
      environment,
      domain: 'shop',
      contracts: shopContracts,
    });
    return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
    );
  };

  test('looks every hour, whether or not anything runs, with the limits of its environment', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'sluice-prod-shop-watch-domain',
      Environment: {
        Variables: Match.objectLike({
          ...{ RELEASES_PER_DAY: '3', RESTARTS_PER_DAY: '3', REDRIVES_PER_DAY: '0' },
          DEAD_LETTER_QUEUES: 'commits-dead-letters.fifo,events-dead-letters,files-dead-letters',
        }),
      },
    });
  });

  test('writes items of its domain alone, and reads none of another one', () => {
    const ofLedger = (Action: string[], ...keys: string[]) =>
      Match.objectLike({ Action, Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          ofLedger(['dynamodb:GetItem', 'dynamodb:Query'], 'DOMAIN#shop', 'TABLE#shop.*'),
          ofLedger(['dynamodb:PutItem', 'dynamodb:UpdateItem'], 'DOMAIN#shop'),
        ]),
      },
    });
    expect(rightsWith({}).filter((action) => action.startsWith('dynamodb:'))).toHaveLength(4);
  });

  test('has no rights for a remedy that is off, and can neither start nor stop an execution by itself', () => {
    const redrives = ['sqs:DeleteMessage', 'sqs:SendMessage'];
    expect(rightsWith({})).toContain('lambda:InvokeFunction');
    expect(rightsWith({}).filter((action) => redrives.includes(action))).toEqual([]);
    expect(rightsWith({ redrivesPerDay: 5 })).toEqual(expect.arrayContaining(redrives));
    expect(rightsWith({ releasesPerDay: 0, restartsPerDay: 0 })).not.toContain('lambda:InvokeFunction');
    expect(rightsWith({ redrivesPerDay: 5 }).filter((action) => action.startsWith('states:'))).toEqual([
      'states:DescribeExecution',
    ]);
  });
});
