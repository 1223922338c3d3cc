import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Lake } from '../../../lib/constructs/lake.ts';
import { SparkApplication } from '../../../lib/constructs/spark-application.ts';
import { environments } from '../../../lib/environments.ts';
import '../without-template-validation.ts';

const stack = new Stack(new App(), 'Test');
const environment = environments.dev;
new SparkApplication(stack, 'Spark', {
  environment,
  domain: 'shop',
  lake: new Lake(stack, 'Lake', environment),
  upstream: [],
});
const template = Template.fromStack(stack);

test('its cost is capped, by the application and by the job', () => {
  template.hasResourceProperties('AWS::EMRServerless::Application', {
    MaximumCapacity: { Cpu: '16 vCPU', Memory: '64 GB', Disk: '200 GB' },
    AutoStopConfiguration: { Enabled: true, IdleTimeoutMinutes: 15 },
    RuntimeConfiguration: [
      Match.objectLike({ Properties: Match.objectLike({ 'spark.dynamicAllocation.maxExecutors': '3' }) }),
    ],
  });
});

test('nothing is paid for while no job runs', () => {
  template.hasResourceProperties('AWS::EMRServerless::Application', { InitialCapacity: Match.absent() });
});

test('its jobs reach the folders of one domain', () => {
  const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
  expect(policies).toContain('/shop/*');
  expect(policies).not.toMatch(/"\/\*"/);
});

test('its jobs cannot change what consumers see', () => {
  const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
  expect(policies).toContain(':table/shop_gold_blue/*');
  expect(policies).not.toContain(':table/shop_gold/*');
});
