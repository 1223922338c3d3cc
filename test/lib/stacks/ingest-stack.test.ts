import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesised } from './synthesised-platform.ts';

const template = synthesised('prod').templates.get('sluice-prod-shop-ingest') as Template;

test('a record that cannot land is retried for a while, cut out of its batch, and parked in full', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    ParallelizationFactor: 1,
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

test.each([
  { env: 'prod' as const, reserved: { 'land-records': 200, 'commit-batches': 20 } },
  { env: 'dev' as const, reserved: { 'land-records': undefined, 'commit-batches': undefined } },
])('the landing path has its share of the account in $env', ({ env, reserved }) => {
  const { templates } = synthesised(env);
  for (const [name, share] of Object.entries(reserved)) {
    const [found] = Object.values(
      templates.get(`sluice-${env}-shop-ingest`)?.findResources('AWS::Lambda::Function', {
        Properties: { FunctionName: `sluice-${env}-shop-${name}` },
      }) ?? {},
    );
    expect(found?.Properties.ReservedConcurrentExecutions).toBe(share);
  }
});

test('the stream remembers a week, encrypted', () => {
  template.hasResourceProperties('AWS::Kinesis::Stream', {
    RetentionPeriodHours: 168,
    StreamEncryption: Match.objectLike({ EncryptionType: 'KMS' }),
  });
});

test('events that may wait are gathered into gzipped files of lines, below their table, with errors elsewhere', () => {
  template.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 1);
  template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
    DeliveryStreamName: 'sluice-prod-shop-views',
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: Match.anyValue() },
    ExtendedS3DestinationConfiguration: {
      Prefix: 'landing/shop/views/!{timestamp:yyyy/MM/dd/HH}/',
      ErrorOutputPrefix: 'delivery-errors/shop/views/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/',
      BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 300 },
      CompressionFormat: 'GZIP',
      FileExtension: '.jsonl.gz',
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
      CloudWatchLoggingOptions: Match.objectLike({ Enabled: true }),
      EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: Match.anyValue() } },
    },
  });
});

test('a delivery stream writes below its own table only, for this account only', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'firehose.amazonaws.com' },
          Condition: { StringEquals: { 'sts:ExternalId': Match.anyValue() } },
        }),
      ],
    },
  });
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const [, policy] = policies.find(([name]) => name.startsWith('Deliveryviews')) ?? [];
  expect(policy?.Properties.PolicyDocument.Statement.map(({ Action }: { Action: unknown }) => Action)).toEqual([
    ['s3:AbortMultipartUpload', 's3:PutObject'],
    ['kms:Decrypt', 'kms:GenerateDataKey'],
    ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    'logs:PutLogEvents',
  ]);
  const written = policy?.Properties.PolicyDocument.Statement[0].Resource;
  expect(JSON.stringify(written)).toMatch(/delivery-errors\/shop\/views\/\*.*landing\/shop\/views\/\*/);
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

test('land-records knows where to write and holds the token key, commit-batches does not, and only land-file makes ids', () => {
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
  const makeIds = ['land-records', 'land-file', 'replay-records'].filter((name) =>
    settingsOf(`sluice-prod-shop-${name}`).includes('EVENT_ID_SECRET_ARN'),
  );
  expect(makeIds).toEqual(['land-file']);
});

test('whatever lands seals under the key of the quarantine, and only replay-records opens what was sealed', () => {
  const mayDo = (action: string): string[] =>
    Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => {
      const actsUnderContext = Properties.PolicyDocument.Statement.some(
        ({ Action, Condition }: { Action: string | string[]; Condition?: object }) =>
          [Action].flat().includes(action) &&
          JSON.stringify(Condition) === '{"StringEquals":{"kms:EncryptionContext:domain":"shop"}}',
      );
      return actsUnderContext ? [String(Properties.Roles[0].Ref).replace(/Role.*/, '')] : [];
    });
  expect(mayDo('kms:GenerateDataKey')).toEqual(expect.arrayContaining(['LandRecords', 'ReplayReplayRecords']));
  expect(mayDo('kms:Decrypt')).toEqual(['ReplayReplayRecords']);
});
