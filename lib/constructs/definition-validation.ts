import validateDefinition from 'asl-validator';
import { Stack } from 'aws-cdk-lib';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** What is wrong with a machine's definition, in the language's own rules; empty when it is valid. */
export function definitionProblems(machine: CfnStateMachine): string[] {
  const definition: unknown = JSON.parse(withoutReferences(Stack.of(machine).resolve(machine.definitionString)));
  // Every ARN holds references until the deploy.
  const { isValid, errorsText } = validateDefinition(definition, { checkPaths: true, checkArn: false });
  return isValid ? [] : [`${machine.node.path}: ${errorsText('; ')}`];
}

/** The definition is text joined with references; a word stands for each of them here. */
function withoutReferences(definition: string | { 'Fn::Join': [string, unknown[]] }): string {
  if (typeof definition === 'string') return definition;
  return definition['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'reference')).join('');
}
