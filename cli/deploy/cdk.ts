import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { OperationError } from '../shared/errors.ts';
import type { Target } from '../shared/options.ts';
import type { Tell } from '../shared/progress.ts';
import { inProject, PROJECT } from '../shared/project.ts';
import { runProcess } from '../shared/run-process.ts';
import { explainFailure, stackProgress } from './read-cdk-output.ts';

/** Prepares an account for the CDK, once: it keeps what deploys need in a stack of its own. */
export async function bootstrap({ home }: Target): Promise<void> {
  if (await isBootstrapped()) return;
  const sts = new STSClient({});
  const [{ Account }, region] = await Promise.all([sts.send(new GetCallerIdentityCommand({})), sts.config.region()]);
  await mkdir(home, { recursive: true });
  // Away from the project's cdk.json, so that the app need not be synthesised for it.
  await cdk(home, ['bootstrap', `aws://${Account}/${region}`], { cwd: home });
}

async function isBootstrapped(): Promise<boolean> {
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
    // Left half-made it has another status, and the CDK knows what to do about it.
    return /^(CREATE|UPDATE)_COMPLETE$/.test(Stacks?.[0]?.StackStatus ?? '');
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return false;
    throw error;
  }
}

/** Synthesises the app into the data folder, which needs nothing to deploy to yet. */
export async function synthesise({ env, home }: Target): Promise<void> {
  const args = ['synth', '--quiet', '--output', assemblyOf(home), '-c', `env=${env}`];
  // What CloudFormation would refuse is found where it is deployed to an account; finding it takes as long as all the rest.
  await cdk(home, args, env === 'local' ? { env: { CDK_VALIDATION: 'false' } } : {});
}

/** Deploys what was synthesised, all of it or what one domain needs, and counts the stacks. */
export async function deployAssembly({ env, home }: Target, tell: Tell, domain?: string): Promise<number> {
  const progress = stackProgress(tell);
  // One word after the domain's name, which another domain's may begin with. The shared stacks come along.
  const stacks = domain === undefined ? '--all' : `sluice-${env}-${domain}-+([a-z])`;
  const flags = ['--require-approval', 'never', '--concurrency', '4'];
  await cdk(home, ['deploy', stacks, ...flags, '--app', assemblyOf(home)], { onLine: progress.read });
  return progress.done();
}

const assemblyOf = (home: string): string => path.join(home, 'cdk.out');

interface CdkOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

async function cdk(
  home: string,
  args: readonly string[],
  { cwd = PROJECT, ...options }: CdkOptions = {},
): Promise<void> {
  const log = path.join(home, 'logs', 'deploy.log');
  // `--ci` sends progress and errors to one stream; without notices nothing is looked up on the internet.
  const all = [inProject('node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--ci', '--no-notices'];
  const { code, lines } = await runProcess(process.execPath, all, { cwd, log, ...options });
  if (code === 0) return;
  throw new OperationError(`cdk ${args[0]} failed:\n${explainFailure(lines)}\nfull output: ${log}`);
}
