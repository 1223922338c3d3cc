import type { Ledger, RunItem } from '../../lambdas/shared/ledger.ts';
import type { JsonStore } from '../../lambdas/shared/ports.ts';
import { readPlan, readResults } from '../../lambdas/shared/run-documents.ts';
import { judgeChecks, type Verdict } from '../../lib/plan/judge-checks.ts';
import { UsageError } from '../shared/errors.ts';
import { domainOfRun } from '../shared/named.ts';

/** What the gates of a run said, rule by rule. */
export interface RunGates {
  readonly domain: string;
  readonly runId: string;
  readonly status: RunItem['status'];
  readonly startedAt: string;
  readonly gates: readonly StepGate[];
}

export interface StepGate {
  readonly step: 'refine' | 'model';
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly rules: readonly Verdict[];
}

export interface GateSources {
  readonly ledger: Pick<Ledger, 'run' | 'runs'>;
  readonly documents: Pick<JsonStore, 'read'>;
  readonly domains: readonly string[];
  readonly opsBucket: string;
}

/** Runs without work judge nothing; so many of them may have come since the last one that did. */
const LOOK_BACK = 50;

/** The gates of a run, or of the newest run that came to one. */
export async function readGates(sources: GateSources, runId: string | undefined): Promise<RunGates> {
  const { domain, run } = runId === undefined ? await newest(sources) : await named(sources, runId);
  const { status, startedAt } = run;
  const gates = await Promise.all(run.gates.map((gate) => withRules(sources, domain, run.runId, gate)));
  return { domain, runId: run.runId, status, startedAt, gates };
}

interface Found {
  readonly domain: string;
  readonly run: RunItem;
}

async function newest({ ledger, domains }: GateSources): Promise<Found> {
  const lists = await Promise.all(
    domains.map(async (domain) => (await ledger.runs(domain, LOOK_BACK)).map((run) => ({ domain, run }))),
  );
  const judged = lists.flat().filter(({ run }) => run.gates.length > 0);
  const [found] = judged.sort((a, b) => b.run.startedAt.localeCompare(a.run.startedAt));
  if (!found) throw new UsageError(`none of the last ${LOOK_BACK} runs came to a gate; list them with \`sluice runs\``);
  return found;
}

async function named({ ledger, domains }: GateSources, runId: string): Promise<Found> {
  const domain = domainOfRun(runId, domains);
  const run = domain === undefined ? null : await ledger.run(domain, runId);
  if (domain !== undefined && run) return { domain, run };
  throw new UsageError(`run '${runId}' is unknown; list them with \`sluice runs\``);
}

/** The ledger keeps counts; what was expected, and samples, are with the run's documents. */
async function withRules(
  { documents, opsBucket }: GateSources,
  domain: string,
  runId: string,
  { step, outcome, reasons }: RunItem['gates'][number],
): Promise<StepGate> {
  const plan = await readPlan(documents, `s3://${opsBucket}/runs/${domain}/${runId}/plan.json`);
  const results = await readResults(documents, plan, step);
  return { step, outcome, reasons, rules: judgeChecks(results, plan) };
}
