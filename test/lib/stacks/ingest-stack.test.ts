import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesised } from './synthesised-platform.ts';

const template = synthesised('prod').templates.get('sluice-prod-shop-ingest') as Template;

test('a record that cannot land is retried for a while, cut out of its batch, and parked in full', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 50,
    MaximumRecordAgeInSeconds: 86_400,
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
  });
});

test('one bad staged file does not hold back the others of its batch', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 20 },
  });
});

test('the stream remembers a week, encrypted', () => {
  template.hasResourceProperties('AWS::Kinesis::Stream', {
    RetentionPeriodHours: 168,
    StreamEncryption: Match.objectLike({ EncryptionType: 'KMS' }),
  });
});

test('landing is reconciled every quarter of an hour', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(15 minutes)',
    Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } })],
  });
});

test('who only hands batches over may write the items of its domain, and nothing else in the ledger', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'dynamodb:PutItem',
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['STAGED#shop'] } },
        }),
      ]),
    },
  });
});

test('land-records knows where to write and holds the token key, and commit-batches does not', () => {
  const settingsOf = (name: string): readonly string[] =>
    Object.values(template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: name } })).flatMap(
      ({ Properties }) => Object.keys(Properties.Environment.Variables),
    );
  expect(settingsOf('sluice-prod-shop-land-records')).toEqual(
    expect.arrayContaining(['DOMAIN', 'LANDING_BUCKET', 'COMMIT_QUEUE_URL', 'TOKEN_SECRET_ARN']),
  );
  expect(settingsOf('sluice-prod-shop-commit-batches')).toEqual(
    expect.arrayContaining(['BRONZE_BUCKET', 'OPS_BUCKET', 'LEDGER_TABLE']),
  );
  expect(settingsOf('sluice-prod-shop-commit-batches')).not.toContain('TOKEN_SECRET_ARN');
});
