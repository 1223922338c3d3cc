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
 * A Python function from `lambdas/<name>/<name>_handler.py`, with what all that open Delta tables share beside it. Its locked
 * requirements travel as an ARM64 layer.
 * Not Python 3.11: Lambda runs that on Amazon Linux 2, whose glibc 2.26 is too old for the wheels of delta-rs.
 */
export class PythonFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: PythonFunctionProps) {
    const withLayer = props.environment.buildWheels && Stack.of(scope).bundlingRequired;
    super(scope, id, props, {
      runtime: Runtime.PYTHON_3_12,
      // Modules of all functions are checked together, so each has a name of its own.
      handler: `${props.name.replaceAll('-', '_')}_handler.handler`,
      code: Code.fromAsset(assetOf(scope, props)),
      layers: withLayer ? [layerOf(scope)] : [],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'the newest Python that the local cloud can be, so what runs in AWS is what was tested',
    });
  }
}

/** One layer a stack, whatever the number of its Python functions. */
function layerOf(scope: Construct): LayerVersion {
  const stack = Stack.of(scope);
  const known = stack.node.tryFindChild(LAYER_ID);
  if (known) return known as LayerVersion;
  const requirements = `${SHARED}/requirements.txt`;
  // Lambda puts /opt/python on the path, and /opt is the root of the layer.
  installWheels({ requirements, target: 'layers/delta/python', pythonVersion: '3.12', maximumMb: 245 });
  return new LayerVersion(stack, LAYER_ID, {
    description: 'Locked packages of the functions that open Delta tables',
    code: Code.fromAsset(projectPath('build/layers/delta'), { exclude: ['*.stamp'] }),
    compatibleArchitectures: [Architecture.ARM_64],
    compatibleRuntimes: [Runtime.PYTHON_3_12],
  });
}

function assetOf(scope: Construct, { name, domain, contracts }: PythonFunctionProps): string {
  const sources = [`lambdas/${name}`, SHARED].map((folder) => projectPath(folder));
  if (!Stack.of(scope).bundlingRequired) return projectPath('lambdas', name);
  const folder = projectPath('build/lambdas', domain ?? 'all', name);
  rmSync(folder, { recursive: true, force: true });
  for (const source of sources) cpSync(source, folder, { recursive: true, filter: isCode });
  cpSync(projectPath('lib/landing/system-columns.json'), join(folder, 'system-columns.json'));
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify(contracts));
  return folder;
}

const SHARED = 'lambdas/delta';
const LAYER_ID = 'DeltaPackages';
const isCode = (path: string): boolean => !/__pycache__|requirements\.(in|txt)$/.test(path);
