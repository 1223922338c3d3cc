import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LakeBucket, type LakeBucketProps } from '../../../lib/constructs/lake-bucket.ts';
import { environments } from '../../../lib/environments.ts';
import '../without-template-validation.ts';

function templateWith(more: Partial<LakeBucketProps> = {}): Template {
  const stack = new Stack(new App(), 'Test');
  const props = { environment: environments.prod, zone: 'bronze', key: new Key(stack, 'Key') };
  new LakeBucket(stack, 'Bronze', { ...props, accessLogs: new Bucket(stack, 'AccessLogs'), ...more });
  return Template.fromStack(stack);
}

test('its name is found by parameter', () => {
  templateWith().hasResourceProperties('AWS::SSM::Parameter', { Name: '/sluice/prod/storage/bronze-bucket' });
});

test('no rule of its own expires a current object', () => {
  const rules = Object.values(templateWith().findResources('AWS::S3::Bucket'))
    .flatMap(({ Properties }) => Properties.LifecycleConfiguration?.Rules ?? [])
    .map((rule: object) => Object.keys(rule));
  expect(rules).toHaveLength(2);
  expect(rules.flat()).not.toContain('ExpirationInDays');
});

test('a folder expires when asked for', () => {
  const lifecycleRules = [{ prefix: 'staged/', expiration: Duration.days(14) }];
  templateWith({ lifecycleRules }).hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: 'staged/', ExpirationInDays: 14 })]) },
  });
});

test('new objects are reported without a function of the CDK', () => {
  const template = templateWith({ reportsObjects: true });
  template.hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  template.resourceCountIs('AWS::Lambda::Function', 0);
});
