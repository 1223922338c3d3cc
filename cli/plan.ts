import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { S3JsonStore } from '../lambdas/shared/s3-stores.ts';
import { estimatePlan, lineName } from '../lib/plan/estimate-plan.ts';
import { type PlanInput, planRun } from '../lib/plan/plan-run.ts';
import { asIfUnread, explainAgain, type Firsts } from '../lib/plan/read-again.ts';
import { DeltaLogs } from './plan/delta-logs.ts';
import { type DomainPlan, describePlan } from './plan/describe-plan.ts';
import { gatherSizes, type Sources } from './plan/gather-sizes.ts';
import { readPlanInput } from './plan/read-plan-input.ts';
import { firstsSince, runOrMoment, type Since } from './plan/since.ts';
import { UsageError } from './shared/errors.ts';
import { domainOfRun, domainsNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly since?: string | number;
  readonly json?: true;
}

/** What the next run of a domain would do, by the contracts of this project; nothing is started or written. */
async function planOf(platform: Platform, domain: string, since: Since | undefined): Promise<DomainPlan> {
  const s3 = new S3Client({ forcePathStyle: true });
  const sources = { ledger: platform.ledger, logs: new DeltaLogs(s3), documents: new S3JsonStore(s3) };
  const input = await readPlanInput(platform, domain, s3);
  const firsts = since ? await firstsSince(sources, input, since) : new Map<string, number>();
  const { activeRun } = await platform.ledger.domainState(domain);
  return {
    domain,
    ...(activeRun !== undefined && { activeRun }),
    ...(since && { since: since.runId ?? new Date(since.time).toISOString() }),
    ...(await estimated(sources, input, firsts)),
  };
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

async function sinceOf({ domains, ledger }: Platform, since: string | number): Promise<Since> {
  if (typeof since === 'number') return { time: since };
  const domain = domainOfRun(since, domains);
  const run = domain === undefined ? null : await ledger.run(domain, since);
  if (!run) throw new UsageError(`run '${since}' is unknown; list them with \`sluice runs\``);
  return { time: Date.parse(run.startedAt), runId: since };
}

async function plan(name: string | undefined, { since, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const from = since === undefined ? undefined : await sinceOf(platform, since);
  const plans = await Promise.all(domainsNamed(name, platform.domains).map((domain) => planOf(platform, domain, from)));
  if (json) printJson(plans);
  else console.log(plans.map(describePlan).join('\n\n'));
}

export const planCommand = (): Command =>
  new Command('plan')
    .description('show what the next run would do with each table, why, and what it would take; nothing is started')
    .argument('[domain]', 'all of them without')
    .option(
      '--since <when>',
      'as if silver had not read what came since: a date, 36h, or a run with what it read',
      runOrMoment,
    )
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(plan);
