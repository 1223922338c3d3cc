import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { openLocalCloud } from '../local/local-cloud.ts';
import { homeOption } from './shared/options.ts';
import { Progress } from './shared/progress.ts';

interface Options {
  readonly home: string;
  readonly wipe?: true;
}

async function down({ home, wipe }: Options): Promise<void> {
  await new Progress().step('stop the local cloud', () => openLocalCloud({ home }).stop());
  if (wipe) await rm(home, { recursive: true, force: true });
  console.log(
    wipe
      ? 'the local cloud is stopped, its data is gone'
      : 'the local cloud is stopped; its data waits for the next `sluice up`',
  );
}

export const downCommand = (): Command =>
  new Command('down')
    .description('stop the local cloud; its data stays')
    .option('--wipe', 'remove its data too')
    .addOption(homeOption())
    .action(down);
