import { Command } from 'commander';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { type StartOptions, startNamed } from './backfill/start.ts';
import { dueGold } from './backfill/steer.ts';
import { withStart } from './backfill.ts';
import { followStart, startRun } from './run.ts';
import { callerOf } from './shared/caller.ts';
import { UsageError } from './shared/errors.ts';
import { tableNamed } from './shared/named.ts';
import { Platform } from './shared/platform.ts';

async function rebuild(name: string, options: StartOptions): Promise<void> {
  const { domain, layer } = await contractOf(name, options);
  if (layer === 'gold') await rebuildGold(domain, options);
  else await startNamed(name, { kind: 'rebuild', range: null }, options);
}

async function contractOf(name: string, options: StartOptions): Promise<Contract> {
  const { contracts } = await Platform.open(options);
  const table = tableNamed(name, contracts.map(tableId));
  return contracts.find((contract) => tableId(contract) === table) as Contract;
}

/** A slot is built by one job and published as a whole, so all gold of the domain is made again. */
async function rebuildGold(domain: string, { reason = '', dryRun, concurrency, wait, json, ...target }: StartOptions) {
  if (concurrency !== undefined) throw new UsageError('--concurrency: found on gold, which one job builds');
  if (dryRun) return console.log(`${domain}: all gold would be built in full by the next run; nothing was started`);
  if (reason.trim() === '') throw new UsageError('--reason: found nothing; allowed is why, which `sluice plan` tells');
  const platform = await Platform.open(target);
  await dueGold(platform, domain, { by: await callerOf(target.env), reason });
  await followStart(platform, domain, await startRun(platform, domain, 'rebuild of gold'), { wait, json });
}

export const rebuildCommand = (): Command =>
  withStart(
    new Command('rebuild')
      .description('make all of a corrupted table again from the layer below it; gold follows where rows differed')
      .argument('<table>', 'such as commerce.silver.orders; of gold, all tables of the domain are built together'),
  ).action(rebuild);
