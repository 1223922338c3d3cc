import { Command } from 'commander';
import { bootstrap, deployAssembly, synthesise } from './deploy/cdk.ts';
import { enterCloud } from './shared/cloud.ts';
import { plural } from './shared/format.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Progress } from './shared/progress.ts';

interface Options extends Target {
  readonly json?: true;
}

async function deploy({ json, ...target }: Options): Promise<void> {
  await enterCloud(target);
  const stacks = await new Progress().step(`deploy to ${target.env}`, async (tell) => {
    tell('preparing');
    await bootstrap(target);
    tell('synthesising the app');
    await synthesise(target);
    return deployAssembly(target, tell);
  });
  if (json) printJson({ env: target.env, stacks });
  else console.log(`${plural(stacks, 'stack')} deployed to ${target.env}; next: sluice send <source> <files…>`);
}

export const deployCommand = (): Command =>
  new Command('deploy')
    .description('deploy all stacks, into the local cloud or with your own credentials')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(deploy);
