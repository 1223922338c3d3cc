import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DeadLetters } from '../../../lib/constructs/dead-letters.ts';
import { FileLoads } from '../../../lib/constructs/file-loads.ts';
import { Lake } from '../../../lib/constructs/lake.ts';
import { Ledger } from '../../../lib/constructs/ledger.ts';
import { SparkApplication } from '../../../lib/constructs/spark-application.ts';
import { SparkCode } from '../../../lib/constructs/spark-code.ts';
import { environments } from '../../../lib/environments.ts';
import '../without-template-validation.ts';

const environment = environments.dev;
const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Test');
const common = { environment, domain: 'shop' };
const lake = new Lake(stack, 'Lake', environment);
new FileLoads(stack, 'Loads', {
  ...common,
  lake,
  ledger: new Ledger(stack, 'Ledger', { environment, lake }),
  deadLetters: new DeadLetters(stack, 'DeadLetters', common).queue,
  spark: new SparkApplication(stack, 'Spark', { ...common, lake, upstream: [] }),
  code: new SparkCode(stack, 'Code', common),
});
const template = Template.fromStack(stack);
const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
const policyOf = (prefix: string): string => JSON.stringify(policies.filter(([id]) => id.startsWith(prefix)));
const [job, runs] = [policyOf('LoadsJobRole'), policyOf('SparkJobRole')];

test('a plan that appears, a job that ends and a clock call the function', () => {
  const pattern = (detail: object) => ({ EventPattern: Match.objectLike({ detail: Match.objectLike(detail) }) });
  template.hasResourceProperties(
    'AWS::Events::Rule',
    pattern({ object: { key: [{ prefix: 'loads/shop/plans/' }] }, bucket: Match.anyValue() }),
  );
  template.hasResourceProperties('AWS::Events::Rule', pattern({ state: ['SUCCESS', 'FAILED', 'CANCELLED'] }));
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)' });
});

test('only a job that loads reads files as they came and the keys of tokens and ids, and seals what is refused', () => {
  const keys = ['ledgertokensecretarn', 'shopeventidsecretarn'];
  for (const right of ['/landing/shop/*', ...keys, 'secretsmanager:GetSecretValue', 'kms:EncryptionContext:domain']) {
    expect(job).toContain(right);
    expect(runs).not.toContain(right);
  }
});

test('a job that loads opens no sealed payload and reaches no table', () => {
  expect(job).not.toMatch(/bronze|silver|gold|glue:/);
  const sealing = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
  const withContext = sealing.filter(({ Condition }) => Condition?.StringEquals?.['kms:EncryptionContext:domain']);
  expect(withContext.map(({ Action }) => Action)).toEqual(['kms:GenerateDataKey']);
});

test('the function may start jobs as that role only, and as many as the environment says', () => {
  const [statement] = policies
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => Action === 'iam:PassRole');
  expect(JSON.stringify(statement.Resource)).toContain('LoadsJobRole');
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'sluice-dev-shop-advance-loads',
    Environment: { Variables: Match.objectLike({ LOADS_AT_ONCE: '1', JOB_TIMEOUT_MINUTES: '60' }) },
  });
});
