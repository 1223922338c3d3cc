import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Command } from 'commander';
import { explainFailure, stackProgress } from './deploy/read-cdk-output.ts';
import { enterCloud } from './shared/cloud.ts';
import { OperationError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { envOption, homeOption, type Target } from './shared/options.ts';
import { Progress, type Tell } from './shared/progress.ts';
import { inProject } from './shared/project.ts';
import { runProcess } from './shared/run-process.ts';

/** Where the CDK's command line is told to find the app: as source, or synthesised already. */
export interface Deployment extends Target {
  readonly assembly?: string;
}

/** Deploys every stack of an environment with the CDK's own command line. */
export async function deploy(deployment: Deployment, tell: Tell): Promise<number> {
  if (!(await isBootstrapped())) {
    tell('bootstrap');
    await cdk(deployment, ['bootstrap'], () => {});
  }
  const progress = stackProgress(tell);
  await cdk(deployment, ['deploy', '--all', '--require-approval', 'never', '--concurrency', '4'], progress.read);
  return progress.done();
}

/** Synthesises the app to a folder, so that it can happen before there is anything to deploy to. */
export async function synthesise(deployment: Target & { readonly assembly: string }): Promise<void> {
  const { assembly, ...target } = deployment;
  await cdk(target, ['synth', '--quiet', '--output', assembly], () => {});
}

async function cdk({ env, home, assembly }: Deployment, args: readonly string[], onLine: (line: string) => void): Promise<void> {
  const log = path.join(home, 'logs', 'deploy.log');
  const app = assembly ? ['--app', assembly] : [];
  // `--ci` sends progress and errors to one stream; without notices nothing is looked up on the internet.
  const all = [inProject('node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, ...app, '-c', `env=${env}`, '--ci', '--no-notices'];
  const { code, lines } = await runProcess(process.execPath, all, { log, onLine });
  if (code === 0) return;
  const where = path.relative(process.cwd(), log);
  throw new OperationError(`cdk ${args[0]} failed:\n${explainFailure(lines)}\nfull output: ${where || log}`);
}

/** The CDK keeps what deploys need in a stack of its own, once per account and region. */
async function isBootstrapped(): Promise<boolean> {
  try {
    await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
    return true;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return false;
    throw error;
  }
}

async function run(target: Target): Promise<void> {
  await enterCloud(target);
  const stacks = await new Progress().step(`deploy to ${target.env}`, (tell) => deploy(target, tell));
  console.log(`${plural(stacks, 'stack')} deployed to ${target.env}; next: sluice send <source> <files…>`);
}

export const deployCommand = (): Command =>
  new Command('deploy')
    .description('deploy all stacks, into the local cloud or with your own credentials')
    .addOption(envOption())
    .addOption(homeOption())
    .action(run);
