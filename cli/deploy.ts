import { Command } from 'commander';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { notAllowed } from '../lib/contract/problem.ts';
import { bootstrap, deployAssembly, synthesise } from './deploy/cdk.ts';
import { enterCloud } from './shared/cloud.ts';
import { UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Progress } from './shared/progress.ts';
import { PROJECT } from './shared/project.ts';

interface Options extends Target {
  readonly domain?: string;
  readonly json?: true;
}

async function deploy({ domain, json, ...target }: Options): Promise<void> {
  if (domain !== undefined) refuseUnknown(domain, target);
  await enterCloud(target);
  const stacks = await new Progress().step(`deploy to ${target.env}`, async (tell) => {
    tell('preparing');
    await bootstrap(target);
    tell('synthesising the app');
    await synthesise(target);
    return deployAssembly(target, tell, domain);
  });
  if (json) printJson({ env: target.env, stacks });
  else console.log(`${plural(stacks, 'stack')} deployed to ${target.env}; next: sluice send <source> <files…>`);
}

function refuseUnknown(name: string, { env }: Target): void {
  const domains = [...new Set(loadContracts(PROJECT, env).map(({ domain }) => domain))];
  if (!domains.includes(name)) throw new UsageError(`--domain: ${notAllowed(name, domains)}`);
}

export const deployCommand = (): Command =>
  new Command('deploy')
    .description('deploy all stacks, into the local cloud or with your own credentials')
    .option('--domain <name>', 'of several domains the stacks of this one, and those that all share')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(deploy);
