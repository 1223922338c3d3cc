import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Environment } from '../environments.ts';

/** A name that operators, alarms and other stacks know beforehand, so no stack has to export it. */
export const nameOf = (environment: Environment, ...parts: readonly string[]): string =>
  ['sluice', environment.name, ...parts].join('-');

/** Name of the parameter under which anything finds what is deployed, such as `/sluice/dev/storage/ops-bucket`. */
export const parameterNameOf = (environment: Environment, ...parts: readonly string[]): string =>
  ['', 'sluice', environment.name, ...parts].join('/');

/** Publishes a value under its parameter name. */
export function publishParameter(
  scope: Construct,
  id: string,
  { environment, path, value }: { environment: Environment; path: readonly string[]; value: string },
): StringParameter {
  return new StringParameter(scope, id, {
    parameterName: parameterNameOf(environment, ...path),
    stringValue: value,
  });
}

/** Reads a published value when the stack deploys; its stack must depend on the publishing one. */
export const readParameter = (scope: Construct, environment: Environment, ...path: readonly string[]): string =>
  StringParameter.valueForStringParameter(scope, parameterNameOf(environment, ...path));
