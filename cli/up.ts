import { Command } from 'commander';
import { openLocalCloud } from '../local/local-cloud.ts';
import { homeOption, jsonOption } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Progress } from './shared/progress.ts';

interface Options {
  readonly home: string;
  readonly json?: true;
}

async function up({ home, json }: Options): Promise<void> {
  const cloud = openLocalCloud({ home });
  await new Progress().step('start the local cloud', () => cloud.start());
  const { endpoint, problems } = cloud;
  if (json) printJson({ endpoint, home, problems });
  else console.log([`the local cloud is up at ${endpoint}; next: sluice deploy`, ...problems].join('\n'));
}

export const upCommand = (): Command =>
  new Command('up')
    .description('start the local cloud; what a killed one left behind is repaired')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(up);
