import type { Template } from 'aws-cdk-lib/assertions';
import { synthesised } from '../stacks/synthesised-platform.ts';

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Next?: string;
  readonly Retry?: readonly { readonly JitterStrategy: string; readonly MaxAttempts: number }[];
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[];
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

const template = synthesised('prod').templates.get('sluice-prod-shop-processing') as Template;
const states = statesOf(template);
const tasks = Object.entries(states).filter(([, { Type }]) => Type === 'Task');

function statesOf(of: Template): Record<string, State> {
  const [machine] = Object.values(
    of.findResources('AWS::StepFunctions::StateMachine', {
      Properties: { StateMachineName: 'sluice-prod-shop-run' },
    }),
  );
  const parts: readonly unknown[] = machine?.Properties.DefinitionString['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '-')).join('')).States;
}

test('every task has a timeout and retries with jitter', () => {
  expect(tasks).toHaveLength(11);
  for (const [name, { TimeoutSeconds, Retry }] of tasks) {
    expect([name, TimeoutSeconds]).toEqual([name, expect.any(Number)]);
    expect([name, Retry?.[0]]).toEqual([name, expect.objectContaining({ JitterStrategy: 'FULL', MaxAttempts: 1 })]);
  }
});

test('whatever fails is recorded, and then the execution fails', () => {
  const caught = tasks.filter(([name]) => !/^(Finish|Record)/.test(name));
  expect(caught.map(([name]) => name).sort()).toEqual([
    'GateGold',
    'GateSilver',
    'Model',
    'PlanRun',
    'Publish',
    'Refine',
  ]);
  for (const [, { Catch }] of caught)
    expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'RecordFailure' }]);
  expect(states.RecordFailure?.Next).toBe('Failed');
});

test('a run without work starts no Spark job', () => {
  expect(states.HasWork).toMatchObject({ Default: 'FinishIdle' });
  expect(states.FinishIdle?.Next).toBe('NothingToDo');
});

test('gold is published only when its gate has let it through', () => {
  expect(states.GoldBlocked).toMatchObject({
    Choices: [{ StringEquals: 'blocked', Next: 'FinishGoldBlocked' }],
    Default: 'Publish',
  });
  const towardsPublish = Object.entries(states).filter(([, state]) => JSON.stringify(state).includes('"Publish"'));
  expect(towardsPublish.map(([name]) => name)).toEqual(['GoldBlocked']);
});

test('a repeated attempt starts a job of its own, and a repeated call of one attempt does not', () => {
  expect(states.Refine?.Parameters).toMatchObject({
    'ClientToken.$': "States.Format('{}-refine-{}', $$.Execution.Name, $$.State.RetryCount)",
  });
});

test('the machine may start jobs on its own application, and pass on the role of its jobs to Spark alone', () => {
  const statements = Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map((statement) => ({ actions: [statement.Action].flat() as string[], ...statement }));
  const start = statements.find(({ actions }) => actions.includes('emr-serverless:StartJobRun'));
  const pass = statements.find(({ actions }) => actions.includes('iam:PassRole'));
  expect(JSON.stringify(start?.Resource)).toMatch(/"SparkApplication[0-9A-F]+","Arn"/);
  expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } });
});

test('an execution that was killed still gives its domain back', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['aws.states'], detail: { status: ['FAILED', 'ABORTED', 'TIMED_OUT'] } },
  });
});
