import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesised } from './synthesised-platform.ts';

const template = synthesised('prod').templates.get('sluice-prod-storage') as Template;

test('a commit of a bronze table can be written once only, whoever writes', () => {
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: Match.stringLikeRegexp('^Bronze') },
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:PutObject',
          Condition: { Null: { 's3:if-none-match': 'true' } },
        }),
      ]),
    },
  });
});

test.each([
  ['prod', 'COMPLIANCE', 1825],
  ['dev', 'GOVERNANCE', 30],
] as const)('evidence of runs can be neither changed nor deleted: in %s by mode %s for %d days', (env, Mode, Days) => {
  synthesised(env)
    .templates.get(`sluice-${env}-storage`)
    ?.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, Days } } },
      VersioningConfiguration: { Status: 'Enabled' },
    });
});

test('staged files are kept for a fortnight', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: 'staged/', ExpirationInDays: 14 })]) },
  });
});

test('the lake has a key and the quarantine one of its own: both rotate and outlive the stack', () => {
  template.resourceCountIs('AWS::KMS::Key', 2);
  template.allResources('AWS::KMS::Key', {
    DeletionPolicy: 'Retain',
    Properties: Match.objectLike({ EnableKeyRotation: true }),
  });
});
