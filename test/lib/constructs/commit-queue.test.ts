import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CommitQueue } from '../../../lib/constructs/commit-queue.ts';
import { environments } from '../../../lib/environments.ts';
import '../without-template-validation.ts';

const stack = new Stack(new App(), 'Test');
new CommitQueue(stack, 'Commits', {
  environment: environments.dev,
  domain: 'shop',
  consumerTimeout: Duration.minutes(1),
});
const template = Template.fromStack(stack);

test('a message is hidden six times as long as its consumer may take', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'sluice-dev-shop-commits.fifo',
    VisibilityTimeout: 360,
  });
});

test('what ten attempts could not commit waits in a dead-letter queue of the same kind', () => {
  template.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.objectLike({ maxReceiveCount: 10 }) });
  template.resourcePropertiesCountIs('AWS::SQS::Queue', { FifoQueue: true, SqsManagedSseEnabled: true }, 2);
});

test('tables do not wait for each other', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
});
