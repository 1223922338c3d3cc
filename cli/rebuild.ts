import { Command } from 'commander';
import { type StartOptions, startNamed } from './backfill/start.ts';
import { withStart } from './backfill.ts';

const rebuild = (name: string, options: StartOptions): Promise<void> =>
  startNamed(name, { kind: 'rebuild', range: null }, options);

export const rebuildCommand = (): Command =>
  withStart(
    new Command('rebuild')
      .description('make all of a corrupted table again from the layer below it; gold follows where rows differed')
      .argument('<table>', 'such as commerce.silver.orders'),
  ).action(rebuild);
