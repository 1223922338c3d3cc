import { Command } from 'commander';
import { openLocalCloud } from '../local/local-cloud.ts';
import { homeOption, jsonOption, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Progress } from './shared/progress.ts';

interface Options {
  readonly home: string;
  readonly port?: number;
  readonly json?: true;
}

async function up({ home, port, json }: Options): Promise<void> {
  const cloud = openLocalCloud({ home, ...(port === undefined ? {} : { port }) });
  await new Progress().step('start the local cloud', () => cloud.start());
  const { endpoint, problems } = cloud;
  if (json) printJson({ endpoint, home, problems });
  else console.log([`the local cloud is up at ${endpoint}; next: sluice deploy`, ...problems].join('\n'));
}

export const upCommand = (): Command =>
  new Command('up')
    .description('start the local cloud; what a killed one left behind is repaired')
    .option(
      '--port <number>',
      "where it listens on this machine; default: the folder's last port, or a free one",
      wholeNumber(1, 65_535),
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(up);
