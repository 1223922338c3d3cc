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

test('staged files are kept for a fortnight', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: 'staged/', ExpirationInDays: 14 })]) },
  });
});

test('the key rotates', () => {
  template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});
