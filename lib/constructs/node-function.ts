import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, Stack } from 'aws-cdk-lib';
import { type AssetCode, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import { bundleOf, type FunctionBundle } from './function-bundles.ts';
import { LambdaFunction, type LambdaFunctionProps } from './lambda-function.ts';
import { projectPath } from './project.ts';

export interface NodeFunctionProps extends LambdaFunctionProps {
  /** Compiled contracts that the function reads from `contracts.json` beside its code. */
  readonly contracts?: readonly Contract[];
  /** Files to lie beside the code, relative to the project. */
  readonly files?: readonly string[];
}

/** A TypeScript function, bundled with its exact dependencies from `lambdas/<name>/handler.ts`. */
export class NodeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id, props, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: codeOf(scope, props),
      settings: { NODE_OPTIONS: '--enable-source-maps' },
    });
  }
}

/** The sources themselves stand in for the bundle where none is wanted, as in tests. */
function codeOf(scope: Construct, props: NodeFunctionProps): AssetCode {
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(projectPath('lambdas', props.name));
  const bundle = bundleOf(props.name);
  const contracts = JSON.stringify(props.contracts ?? []);
  return Code.fromAsset(place(props, bundle, contracts), {
    assetHashType: AssetHashType.CUSTOM,
    assetHash: digestOf(
      bundle.digest,
      contracts,
      ...(props.files ?? []).map((file) => readFileSync(projectPath(file))),
    ),
  });
}

/** @returns the folder that is deployed */
function place({ name, domain, files = [] }: NodeFunctionProps, bundle: FunctionBundle, contracts: string): string {
  const folder = projectPath('build/lambdas', domain ?? 'all', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [script, content] of bundle.files) writeFileSync(join(folder, script), content);
  writeFileSync(join(folder, 'contracts.json'), contracts);
  for (const file of files) copyFileSync(projectPath(file), join(folder, basename(file)));
  return folder;
}

/** Made here, since CDK would read all files of all domains again for it. */
function digestOf(...parts: readonly (string | Uint8Array)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(createHash('sha256').update(part).digest());
  return digest.digest('hex');
}
