import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentName } from '../../../lib/environment-names.ts';
import { environments } from '../../../lib/environments.ts';
import { addPlatform } from '../../../lib/stacks/platform.ts';
import { shopContracts } from './shop-contracts.ts';
import '../without-template-validation.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is untyped JSON, and each test looks into another corner
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** The whole platform for a shop, without bundles, wheels and account. */
export function synthesised(
  name: EnvironmentName,
  contracts = shopContracts,
): { app: App; templates: ReadonlyMap<string, Template> } {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const { account: _account, region: _region, ...environment } = environments[name];
  addPlatform(app, { environment, contracts });
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  return { app, templates: new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)])) };
}

/** Every resource of every stack, with the stack's name before its id. */
export const resourcesOf = (templates: ReadonlyMap<string, Template>): readonly (readonly [string, Resource])[] =>
  [...templates].flatMap(([stack, template]) =>
    Object.entries<Resource>(template.toJSON().Resources).map(
      ([id, resource]) => [`${stack}/${id}`, resource] as const,
    ),
  );

export const typeOf =
  (type: string) =>
  ([, resource]: readonly [string, Resource]) =>
    resource.Type === type;
