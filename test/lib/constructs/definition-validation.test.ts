import { App, Stack } from 'aws-cdk-lib';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { definitionProblems } from '../../../lib/constructs/definition-validation.ts';

function machineWith(definition: object): CfnStateMachine {
  const stack = new Stack(new App(), 'Test');
  const definitionString = stack.toJsonString({ ...definition, Comment: stack.stackId });
  return new CfnStateMachine(stack, 'Machine', { roleArn: 'role', definitionString });
}

test('a valid definition has no problems', () => {
  expect(definitionProblems(machineWith({ StartAt: 'End', States: { End: { Type: 'Succeed' } } }))).toEqual([]);
});

test.each([
  [
    'a step that leads nowhere',
    { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } },
    /MISSING_TRANSITION_TARGET/,
  ],
  [
    'a path that is none',
    { StartAt: 'A', States: { A: { Type: 'Wait', SecondsPath: '$[', End: true } } },
    /\$\[|path/i,
  ],
])('%s is named together with its machine', (_what, definition, problem) => {
  const problems = definitionProblems(machineWith(definition));
  expect(problems).toEqual([expect.stringMatching(/^Test\/Machine: /)]);
  expect(problems[0]).toMatch(problem);
});
