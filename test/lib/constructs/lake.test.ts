import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Lake } from '../../../lib/constructs/lake.ts';
import { environments } from '../../../lib/environments.ts';
import '../without-template-validation.ts';

function lakeIn(): {
  stack: Stack;
  lake: Lake;
  grantee: { role: Role; settings: string[]; addSetting(name: string): void };
} {
  const stack = new Stack(new App(), 'Test');
  const settings: string[] = [];
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const grantee = { role, settings, addSetting: (name: string) => settings.push(name) };
  return { stack, lake: new Lake(stack, 'Lake', environments.dev), grantee };
}

const actionsOf = (stack: Stack): readonly string[] =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap((statement: { Action: string | string[] }) =>
      [statement.Action].flat(),
    ),
  );

test('a permission brings the setting that goes with it', () => {
  const { lake, grantee } = lakeIn();
  lake.grantWrite(grantee, 'landing', 'staged/');
  expect(new Set(grantee.settings)).toEqual(new Set(['LANDING_BUCKET']));
});

test('whoever only needs to know where a zone is may not read it', () => {
  const { stack, lake, grantee } = lakeIn();
  lake.locate(grantee, 'gold');
  expect(grantee.settings).toEqual(['GOLD_BUCKET']);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
});

test('whoever seals payloads of a domain can open none', () => {
  const { stack, lake, grantee } = lakeIn();
  lake.grantSeal(grantee, 'shop');
  expect(grantee.settings).toEqual(['QUARANTINE_KEY_ARN']);
  expect(actionsOf(stack)).toEqual(['kms:GenerateDataKey']);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [Match.objectLike({ Condition: { StringEquals: { 'kms:EncryptionContext:domain': 'shop' } } })],
    },
  });
});

test('a reader sees one folder, in listings too', () => {
  const { stack, lake, grantee } = lakeIn();
  lake.grantRead(grantee, 'bronze', 'shop/');
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': ['shop/*'] } } }),
      ]),
    },
  });
  expect(actionsOf(stack)).not.toContain('s3:PutObject');
});

test('only whoever keeps tables may delete', () => {
  const { stack, lake, grantee } = lakeIn();
  lake.grantReadWrite(grantee, 'silver', 'shop/');
  const other = lakeIn();
  other.lake.grantManage(other.grantee, 'silver', 'shop/');
  expect(actionsOf(stack)).not.toContain('s3:DeleteObject');
  expect(actionsOf(other.stack)).toContain('s3:DeleteObject');
});
