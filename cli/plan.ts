import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { readKnown } from '../lambdas/shared/read-known.ts';
import { S3DeltaVersions } from '../lambdas/shared/s3-stores.ts';
import { explainPlan, type PlanLine } from '../lib/plan/explain-plan.ts';
import { table } from './shared/format.ts';
import { domainsNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface DomainPlan {
  readonly domain: string;
  /** It may change what is seen here before it ends. */
  readonly activeRun?: string;
  readonly tables: readonly PlanLine[];
}

interface Options extends Target {
  readonly json?: true;
}

/** What the next run of a domain would do, by the contracts of this project; nothing is started or written. */
async function planOf({ ledger, contracts, settings }: Platform, domain: string): Promise<DomainPlan> {
  const bucket = (layer: string) => settings.get(`storage/${layer}-bucket`);
  const buckets = { bronze: bucket('bronze'), silver: bucket('silver'), gold: bucket('gold'), ops: bucket('ops') };
  const versions = new S3DeltaVersions(new S3Client({ forcePathStyle: true }));
  const own = contracts.filter((contract) => contract.domain === domain);
  const createdAt = new Date().toISOString();
  const known = await readKnown({ ledger, versions, contracts: own, buckets }, domain, createdAt);
  const { activeRun } = await ledger.domainState(domain);
  const tables = explainPlan({ ...known, runId: 'next', domain, createdAt });
  return { domain, ...(activeRun !== undefined && { activeRun }), tables };
}

async function plan(name: string | undefined, { json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const plans = await Promise.all(domainsNamed(name, platform.domains).map((domain) => planOf(platform, domain)));
  if (json) printJson(plans);
  else console.log(plans.map(describePlan).join('\n\n'));
}

/** A plan as a person reads it. */
export function describePlan({ domain, activeRun, tables }: DomainPlan): string {
  const due = tables.filter(({ action }) => action !== 'skip').length;
  const head = due > 0 ? `the next run takes ${due} of ${tables.length} tables` : 'the next run has nothing to do';
  const active = activeRun === undefined ? '' : `; ${activeRun} is active and may do some of it`;
  return [
    `${domain}: ${head}${active}`,
    table(
      tables.map((line) => ({ ...line })),
      COLUMNS,
    ),
  ].join('\n');
}

const COLUMNS = ['table', 'action', 'scope', 'why'];

export const planCommand = (): Command =>
  new Command('plan')
    .description('show what the next run would do with each table, and why; nothing is started')
    .argument('[domain]', 'all of them without')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(plan);
