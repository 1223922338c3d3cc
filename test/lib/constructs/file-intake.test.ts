import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CommitQueue } from '../../../lib/constructs/commit-queue.ts';
import { FileIntake, takesFiles } from '../../../lib/constructs/file-intake.ts';
import { Lake } from '../../../lib/constructs/lake.ts';
import { Ledger } from '../../../lib/constructs/ledger.ts';
import { environments } from '../../../lib/environments.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';
import '../without-template-validation.ts';

const environment = environments.dev;
const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Test');
const lake = new Lake(stack, 'Lake', environment);
const common = { environment, domain: 'shop' };
new FileIntake(stack, 'Files', {
  ...common,
  contracts: shopContracts,
  lake,
  ledger: new Ledger(stack, 'Ledger', { environment, lake }),
  commitQueue: new CommitQueue(stack, 'Commits', { ...common, consumerTimeout: Duration.minutes(1) }),
});
const template = Template.fromStack(stack);

test('what appears in the folder of the domain is announced in its queue, and nothing else', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'landing/shop/' }] } },
    },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FilesQueue'), 'Arn'] } })],
  });
});

test('a file that fails five times waits in a dead-letter queue', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'sluice-dev-shop-files',
    VisibilityTimeout: 1800,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
  });
});

test('a call takes one file, and no more calls run than the environment allows', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: environment.fileConcurrency },
  });
});

test('the function may read landed files, write staged ones, and delete none', () => {
  const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
  expect(policies).toContain('/landing/shop/*');
  expect(policies).toContain('/staged/shop/*');
  expect(policies).not.toContain('s3:DeleteObject');
});

test('a domain without tables of files needs none of it', () => {
  expect(takesFiles(shopContracts)).toBe(true);
  expect(takesFiles(shopContracts.filter(({ ingest }) => !ingest))).toBe(false);
});
