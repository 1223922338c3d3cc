import type { Template } from 'aws-cdk-lib/assertions';
import { synthesised } from '../stacks/synthesised-platform.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

const template = synthesised('prod').templates.get('sluice-prod-shop-processing') as Template;
const [machine] = Object.values(
  template.findResources('AWS::StepFunctions::StateMachine', {
    Properties: { StateMachineName: 'sluice-prod-shop-backfill' },
  }),
);
const states = statesOf(machine?.Properties.DefinitionString['Fn::Join'][1]);
const perInterval = states.FillIntervals?.ItemProcessor as { StartAt: string; States: Record<string, State> };

function statesOf(parts: readonly unknown[]): Record<string, State> {
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '-')).join('')).States;
}

test('each interval that is not made yet is a job, so many at a time, and is recorded when its job has ended', () => {
  expect(states.FillIntervals).toMatchObject({ ItemsPath: '$.fill', MaxConcurrencyPath: '$.concurrency' });
  expect(perInterval.StartAt).toBe('Fill');
  expect(perInterval.States.Fill?.Next).toBe('RecordFilled');
});

test('jobs of intervals are told apart, and those of attempts too', () => {
  expect(perInterval.States.Fill?.Parameters).toMatchObject({
    'ClientToken.$': "States.Format('{}-fill-{}-{}', $$.Execution.Name, $.index, $$.State.RetryCount)",
    'Name.$': "States.Format('{}-fill-{}', $$.Execution.Name, $.index)",
  });
});

test('the table is touched only by who has the domain', () => {
  const towardsSettle = Object.entries(states).filter(([, state]) => JSON.stringify(state).includes('"Settle"'));
  expect(towardsSettle.map(([name]) => name)).toEqual(['HasDomain']);
  expect(states.HasDomain).toMatchObject({
    Choices: [{ Variable: '$.domain.isTaken', BooleanEquals: true, Next: 'Settle' }],
    Default: 'WaitForDomain',
  });
  expect([states.FillIntervals?.Next, states.TakeDomain?.Next, states.WaitForDomain?.Next]).toEqual([
    ...['TakeDomain', 'HasDomain', 'TakeDomain'],
  ]);
});

test('whatever fails is recorded, and then the execution fails', () => {
  for (const name of ['FillIntervals', 'TakeDomain', 'Settle', 'FinishBackfill'])
    expect([name, states[name]?.Catch?.map(({ Next }) => Next)]).toEqual([name, ['RecordFailure']]);
  expect(states.RecordFailure?.Next).toBe('Failed');
});

test('an execution that was stopped or killed is recorded too', () => {
  const rules = Object.values(template.findResources('AWS::Events::Rule'));
  const broke = rules.filter(({ Properties }) => JSON.stringify(Properties).includes('without finishing its backfill'));
  expect(broke.map(({ Properties }) => Properties.EventPattern.detail.status)).toEqual([
    ['FAILED', 'ABORTED', 'TIMED_OUT'],
  ]);
});

test('its functions take away what backfills have made, and no file of a table', () => {
  const statements = Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => /^Backfills(Steer|Record)Backfill/.test(id))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map((statement) => ({ actions: [statement.Action].flat(), resources: JSON.stringify(statement.Resource) }));
  const deleting = statements.filter(({ actions }) => actions.includes('s3:DeleteObject'));
  expect(deleting).toHaveLength(2);
  for (const { resources } of deleting) expect(resources).toContain('/shop/_backfill_*');
  const writing = statements.filter(({ actions }) => actions.includes('s3:PutObject'));
  expect(writing).toHaveLength(1);
  expect(writing[0]?.resources).toContain('/backfills/shop/*');
});
