import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { readKnown } from '../lambdas/shared/read-known.ts';
import { S3DeltaVersions, S3JsonStore } from '../lambdas/shared/s3-stores.ts';
import { tableId } from '../lib/contract/contract.ts';
import { estimatePlan, lineName } from '../lib/plan/estimate-plan.ts';
import { type PlanInput, planRun } from '../lib/plan/plan-run.ts';
import { asIfUnread, explainAgain, type Firsts } from '../lib/plan/read-again.ts';
import { DeltaLogs } from './plan/delta-logs.ts';
import { type DomainPlan, describePlan } from './plan/describe-plan.ts';
import { gatherSizes, type Sources } from './plan/gather-sizes.ts';
import { UsageError } from './shared/errors.ts';
import { domainOfRun, domainsNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, moment, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly since?: string;
  readonly json?: true;
}

/** What the next run of a domain would do, by the contracts of this project; nothing is started or written. */
async function planOf(platform: Platform, domain: string, since: number | undefined): Promise<DomainPlan> {
  const s3 = new S3Client({ forcePathStyle: true });
  const logs = new DeltaLogs(s3);
  const input = await inputOf(platform, domain, s3);
  const firsts = since === undefined ? new Map<string, number>() : await firstsSince(logs, input, since);
  const { activeRun } = await platform.ledger.domainState(domain);
  return {
    domain,
    ...(activeRun !== undefined && { activeRun }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(await estimated({ ledger: platform.ledger, logs, documents: new S3JsonStore(s3) }, input, firsts)),
  };
}

async function inputOf({ ledger, contracts, settings }: Platform, domain: string, s3: S3Client): Promise<PlanInput> {
  const bucket = (layer: string) => settings.get(`storage/${layer}-bucket`);
  const buckets = { bronze: bucket('bronze'), silver: bucket('silver'), gold: bucket('gold'), ops: bucket('ops') };
  const own = contracts.filter((contract) => contract.domain === domain);
  const createdAt = new Date().toISOString();
  const known = await readKnown(
    { ledger, versions: new S3DeltaVersions(s3), contracts: own, buckets },
    domain,
    createdAt,
  );
  return { ...known, runId: 'next', domain, createdAt };
}

/** From which versions on the domain's bronze tables were committed at a time or later. */
async function firstsSince(
  logs: DeltaLogs,
  { contracts, buckets, versions }: PlanInput,
  time: number,
): Promise<Firsts> {
  const found = contracts
    .filter(({ layer }) => layer === 'bronze')
    .map(async (contract) => {
      const latest = versions[tableId(contract)] ?? -1;
      const uri = `s3://${buckets.bronze}/${contract.domain}/${contract.table}`;
      return [tableId(contract), await logs.firstSince(uri, latest, time)] as const;
    });
  return new Map((await Promise.all(found)).flatMap(([id, first]) => (first === null ? [] : [[id, first] as const])));
}

/** The lines of a plan, and what each is going to take. */
async function estimated(
  sources: Sources,
  known: PlanInput,
  firsts: Firsts,
): Promise<Pick<DomainPlan, 'tables' | 'total'>> {
  const input = asIfUnread(known, firsts);
  const decision = planRun(input);
  const tables = explainAgain(known, firsts, decision);
  if (!decision.hasWork) return { tables };
  const { lines, total } = estimatePlan(input, decision.plan, await gatherSizes(sources, input, decision.plan));
  return {
    tables: tables.map((line) => {
      const estimate = lines.get(lineName(line.table, line.source));
      return { ...line, ...(estimate && { estimate }) };
    }),
    total,
  };
}

/** A time as a person gives it; a run stands for the time at which it started. */
async function timeOf({ domains, ledger }: Platform, since: string): Promise<number> {
  const domain = domainOfRun(since, domains);
  if (domain === undefined) return moment(since);
  const run = await ledger.run(domain, since);
  if (!run) throw new UsageError(`run '${since}' is unknown; list them with \`sluice runs\``);
  return Date.parse(run.startedAt);
}

async function plan(name: string | undefined, { since, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const time = since === undefined ? undefined : await timeOf(platform, since);
  const plans = await Promise.all(domainsNamed(name, platform.domains).map((domain) => planOf(platform, domain, time)));
  if (json) printJson(plans);
  else console.log(plans.map(describePlan).join('\n\n'));
}

export const planCommand = (): Command =>
  new Command('plan')
    .description('show what the next run would do with each table, why, and what it would take; nothing is started')
    .argument('[domain]', 'all of them without')
    .option('--since <time>', 'as if what was committed since then were to be read again: a date, 36h, or a run')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(plan);
