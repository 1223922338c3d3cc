import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import type { Contract } from '../contract/contract.ts';
import { LambdaFunction, type LambdaFunctionProps } from './lambda-function.ts';
import { projectPath } from './project.ts';

export interface NodeFunctionProps extends LambdaFunctionProps {
  /** Compiled contracts that the function reads from `contracts.json` beside its code. */
  readonly contracts?: readonly Contract[];
  /** Files to lie beside the code, relative to the project. */
  readonly files?: readonly string[];
  /** Scripts of the function that run in threads of their own: `<worker>.ts` beside the handler, `<worker>.mjs` beside the code. */
  readonly workers?: readonly string[];
}

/** A TypeScript function, bundled with its exact dependencies from `lambdas/<name>/handler.ts`. */
export class NodeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id, props, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(assetOf(scope, props)),
      settings: { NODE_OPTIONS: '--enable-source-maps' },
    });
  }
}

/** The sources themselves stand in for the bundle where none is wanted, as in tests. */
function assetOf(scope: Construct, props: NodeFunctionProps): string {
  return Stack.of(scope).bundlingRequired ? bundle(props) : projectPath('lambdas', props.name);
}

function bundle({ name, domain, contracts = [], files = [], workers = [] }: NodeFunctionProps): string {
  const folder = projectPath('build/lambdas', domain ?? 'all', name);
  mkdirSync(folder, { recursive: true });
  const scripts = { index: 'handler', ...Object.fromEntries(workers.map((worker) => [worker, worker])) };
  for (const [script, source] of Object.entries(scripts))
    placeScript(folder, script, projectPath('lambdas', name, `${source}.ts`));
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify(contracts));
  for (const file of files) copyFileSync(projectPath(file), join(folder, basename(file)));
  return folder;
}

/** Where each source was built first: domains differ in their contracts only, and a build is what takes long. */
const built = new Map<string, string>();

function placeScript(folder: string, script: string, source: string): void {
  const outfile = join(folder, `${script}.mjs`);
  const first = built.get(source);
  if (first === undefined) buildScript(source, outfile);
  else for (const suffix of ['', '.map']) copyFileSync(`${first}${suffix}`, `${outfile}${suffix}`);
  built.set(source, first ?? outfile);
}

/** One file a script, since Lambda reads a bundle faster than the many files that scripts would share. */
function buildScript(source: string, outfile: string): void {
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // What a function does not use stays out, since a cold start pays for every byte. Lines stay: Node logs the one that threw.
    mainFields: ['module', 'main'],
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    banner: { js: COMMONJS_NAMES },
    logLevel: 'error',
  });
}

/** CommonJS packages inside an ES module bundle still ask for these. */
const COMMONJS_NAMES = `
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
`;
