import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import { LambdaFunction, type LambdaFunctionProps } from './lambda-function.ts';
import { projectPath } from './project.ts';
import { installWheels } from './python-wheels.ts';

export interface PythonFunctionProps extends LambdaFunctionProps {
  readonly contracts: readonly Contract[];
}

/**
 * A Python function from `lambdas/<name>/handler.py`; its locked requirements travel as an ARM64 layer.
 * Not Python 3.11: Lambda runs that on Amazon Linux 2, whose glibc 2.26 is too old for the wheels of delta-rs.
 */
export class PythonFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: PythonFunctionProps) {
    const withLayer = props.environment.buildWheels && Stack.of(scope).bundlingRequired;
    super(scope, id, props, {
      runtime: Runtime.PYTHON_3_12,
      handler: 'handler.handler',
      code: Code.fromAsset(assetOf(scope, props)),
      layers: withLayer ? [layerOf(scope, `${id}Packages`, props.name)] : [],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'the newest Python that the local cloud can be, so what runs in AWS is what was tested',
    });
  }
}

function layerOf(scope: Construct, id: string, name: string): LayerVersion {
  const requirements = `lambdas/${name}/requirements.txt`;
  // Lambda puts /opt/python on the path, and /opt is the root of the layer.
  installWheels({ requirements, target: `layers/${name}/python`, pythonVersion: '3.12', maximumMb: 245 });
  return new LayerVersion(scope, id, {
    description: `Locked packages of ${name}`,
    code: Code.fromAsset(projectPath('build/layers', name), { exclude: ['*.stamp'] }),
    compatibleArchitectures: [Architecture.ARM_64],
    compatibleRuntimes: [Runtime.PYTHON_3_12],
  });
}

function assetOf(scope: Construct, { name, domain, contracts }: PythonFunctionProps): string {
  const sources = projectPath('lambdas', name);
  if (!Stack.of(scope).bundlingRequired) return sources;
  const folder = projectPath('build/lambdas', domain ?? 'all', name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(sources, folder, { recursive: true, filter: (path) => !/__pycache__|requirements\.(in|txt)$/.test(path) });
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify(contracts));
  return folder;
}
