import type { Template } from 'aws-cdk-lib/assertions';
import { FUNCTIONS } from '../../../lib/stacks/observability-stack.ts';
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

test('every function of the domain is watched', () => {
  const deployed = resourcesOf(prod.templates)
    .filter(typeOf('AWS::Lambda::Function'))
    .map(([, { Properties }]) => Properties.FunctionName)
    .filter((name: string) => name.startsWith('sluice-prod-shop-'));
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

test('a developer is not called', () => {
  const dev = synthesised('dev').templates.get('sluice-dev-shop-observability');
  dev?.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  dev?.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});
