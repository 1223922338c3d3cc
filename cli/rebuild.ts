import { Command } from 'commander';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { describeRestore } from './backfill/describe-restore.ts';
import { type StartOptions, startNamed } from './backfill/start.ts';
import { dueGold, restoredSilver } from './backfill/steer.ts';
import { withStart } from './backfill.ts';
import { followStart, startRun } from './run.ts';
import { callerOf } from './shared/caller.ts';
import { UsageError } from './shared/errors.ts';
import { tableNamed } from './shared/named.ts';
import { wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends StartOptions {
  readonly fromVersion?: number;
}

async function rebuild(name: string, { fromVersion, ...options }: Options): Promise<void> {
  const contract = await contractOf(name, options);
  const { domain, layer } = contract;
  if (fromVersion !== undefined) await restore(contract, fromVersion, options);
  else if (layer === 'gold') await rebuildGold(domain, options);
  else await startNamed(name, { kind: 'rebuild', range: null }, options);
}

/** What came after the version is refined by a run, as it would be had it landed now. */
async function restore(contract: Contract, version: number, options: StartOptions): Promise<void> {
  const { reason = '', dryRun = false, concurrency, wait, json, ...target } = options;
  const { domain, layer } = contract;
  if (layer === 'gold')
    throw new UsageError('--from-version: found on gold; `sluice publish rollback` takes all its tables back together');
  if (concurrency !== undefined) throw new UsageError('--concurrency: found with --from-version, which one run does');
  if (!dryRun && reason.trim() === '') throw new UsageError('--reason: found nothing; allowed is why, which is kept');
  const platform = await Platform.open(target);
  const by = await callerOf(target.env);
  const wish = { table: tableId(contract), version, dryRun, by, reason: reason || 'a look at what it takes' };
  const restored = await restoredSilver(platform, domain, wish);
  if (json && dryRun) printJson(restored);
  else if (!json) console.log(describeRestore(restored));
  if (restored.type === 'Restored')
    await followStart(platform, domain, await startRun(platform, domain, `restore of ${wish.table}`), { wait, json });
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
      .argument('<table>', 'such as commerce.silver.orders; of gold, all tables of the domain are built together')
      .option(
        '--from-version <version>',
        'of silver: go back to what a run left, and make only what came since again',
        wholeNumber(0),
      ),
  ).action(rebuild);
