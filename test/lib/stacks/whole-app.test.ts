import { readFileSync } from 'node:fs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { projectPath } from '../../../lib/constructs/project.ts';
import { type Resource, resourcesOf, synthesised, typeOf } from './synthesised-platform.ts';

const local = synthesised('local');
const prod = synthesised('prod');
const platforms = { local, dev: synthesised('dev'), stage: synthesised('stage'), prod };
const resources = resourcesOf(prod.templates);
const names = (found: readonly (readonly [string, Resource])[]): readonly string[] => found.map(([name]) => name);

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

const statementsOf = ({ Properties }: Resource): readonly Statement[] => [
  ...(Properties.PolicyDocument?.Statement ?? []),
  ...(Properties.Policies ?? []).flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  ),
];

test.each(Object.entries(platforms))('cdk-nag has nothing against %s', (_name, { app }) => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});

test.each([...prod.templates])('%s is what it was', (_name, template) => {
  // The extension goes too: policies list assets in the order of their hashes, which any change of code may turn round.
  const withoutHashes = JSON.stringify(template.toJSON()).replaceAll(/[0-9a-f]{64}(\.\w+)?/g, 'HASH');
  expect(JSON.parse(withoutHashes)).toMatchSnapshot();
});

test('no policy of a role allows a wildcard action', () => {
  const allowed = resources
    .filter(([, { Type }]) => Type.startsWith('AWS::IAM::'))
    .flatMap(([name, resource]) => statementsOf(resource).map((statement) => [name, statement] as const));
  const wild = allowed.filter(
    ([, { Effect, Action }]) => Effect === 'Allow' && [Action].flat().some((action) => action.includes('*')),
  );
  expect(allowed.length).toBeGreaterThan(20);
  expect(wild).toEqual([]);
});

test('every bucket blocks public access and refuses requests without TLS', () => {
  const buckets = resources.filter(typeOf('AWS::S3::Bucket'));
  const open = buckets.filter(([, { Properties }]) => {
    const block = Object.values(Properties.PublicAccessBlockConfiguration ?? {});
    return block.length !== 4 || block.includes(false);
  });
  const policies = resources.filter(typeOf('AWS::S3::BucketPolicy')).map(([, policy]) => JSON.stringify(policy));
  expect(buckets).toHaveLength(7);
  expect(names(open)).toEqual([]);
  expect(policies.filter((policy) => policy.includes('"aws:SecureTransport":"false"'))).toHaveLength(7);
});

test('buckets, the ledger, the key, the token key and the stream outlive their stacks in prod, and not on a laptop', () => {
  const types = [
    'AWS::S3::Bucket',
    'AWS::DynamoDB::Table',
    'AWS::KMS::Key',
    'AWS::SecretsManager::Secret',
    'AWS::Kinesis::Stream',
  ];
  const policies = (all: typeof resources): readonly unknown[] =>
    all.filter(([, { Type }]) => types.includes(Type)).map(([, { DeletionPolicy }]) => DeletionPolicy);
  expect(new Set(policies(resources))).toEqual(new Set(['Retain']));
  expect(new Set(policies(resourcesOf(local.templates)))).toEqual(new Set(['Delete']));
});

test('no template names a partition, makes a network, or exports a value', () => {
  for (const [name, template] of prod.templates) {
    const text = JSON.stringify(template.toJSON());
    expect([name, text.includes('arn:aws:')]).toEqual([name, false]);
    expect([name, text.includes('AWS::EC2::')]).toEqual([name, false]);
    expect([name, Object.values(template.toJSON().Outputs ?? {})]).toEqual([name, []]);
    expect([name, text.includes('Fn::ImportValue')]).toEqual([name, false]);
  }
});

test('every log group forgets, and every function has one of its own', () => {
  const groups = resources.filter(typeOf('AWS::Logs::LogGroup'));
  const functions = resources.filter(typeOf('AWS::Lambda::Function'));
  const used = new Set(functions.map(([, { Properties }]) => JSON.stringify(Properties.LoggingConfig?.LogGroup)));
  expect(names(groups.filter(([, { Properties }]) => Properties.RetentionInDays !== 90))).toEqual([]);
  expect(used.size).toBe(functions.length);
});

test('every function runs on ARM64, under a role of its own', () => {
  const functions = resources.filter(typeOf('AWS::Lambda::Function'));
  const roles = new Set(functions.map(([, { Properties }]) => JSON.stringify(Properties.Role)));
  expect(functions.length).toBeGreaterThan(10);
  expect(names(functions.filter(([, { Properties }]) => Properties.Architectures?.[0] !== 'arm64'))).toEqual([]);
  expect(roles.size).toBe(functions.length);
});

test('no setting of a function is a name that Lambda reserves', () => {
  const settings = resources
    .filter(typeOf('AWS::Lambda::Function'))
    .flatMap(([, { Properties }]) => Object.keys(Properties.Environment.Variables));
  expect(settings.filter((name) => /^(AWS|LAMBDA)_/.test(name))).toEqual([]);
});

test('every alarm leads to a heading of the runbook', () => {
  const runbook = readFileSync(projectPath('docs/runbook.md'), 'utf8');
  const headings = new Set(
    [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading.replaceAll(' ', '-')),
  );
  const alarms = resources.filter(typeOf('AWS::CloudWatch::Alarm'));
  const lost = alarms.filter(([, { Properties }]) => !headings.has(Properties.AlarmDescription.split('#')[1]));
  expect(alarms.length).toBeGreaterThan(20);
  expect(names(lost)).toEqual([]);
});

test('every parameter that a stack reads is published by a stack before it', () => {
  const published = new Set(
    resources.filter(typeOf('AWS::SSM::Parameter')).map(([, { Properties }]) => Properties.Name),
  );
  const read = [...prod.templates.values()]
    .flatMap((template) => Object.values<{ Type: string; Default: string }>(template.toJSON().Parameters ?? {}))
    .filter(({ Type }) => Type.startsWith('AWS::SSM::'))
    .map((parameter) => parameter.Default)
    .filter((name) => name.startsWith('/sluice/'));
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter((name) => !published.has(name))).toEqual([]);
});
