import { decideGate } from '../plan/decide-gate.ts';
import { judgeChecks, type Outcome, type Verdict } from '../plan/judge-checks.ts';
import type { Plan, StepResults, TableResult } from '../plan/plan.ts';
import { plannedTables } from '../plan/planned-tables.ts';
import { canonicalBytes } from './canonical-json.ts';
import { type Seal, sha256Of } from './seal.ts';

/** What one run did and how it was judged. It holds no value of any row: messages may quote them, so there are none. */
export interface EvidenceDocument {
  readonly type: 'evidence';
  readonly v: 1;
  readonly env: string;
  readonly domain: string;
  /** Counts the domain's documents from 1. */
  readonly number: number;
  /** The document before; null for the first one. */
  readonly previous: SealedDocument | null;
  readonly runId: string;
  readonly outcome: RunOutcome;
  readonly trigger: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** SHA-256 of the plan, in canonical form; null when the run came to none. */
  readonly plan: string | null;
  readonly steps: readonly { readonly step: Step; readonly outcome: Outcome }[];
  readonly tables: readonly TableEvidence[];
  readonly published: Publication | null;
}

type Step = StepResults['step'];
type RunOutcome = 'succeeded' | 'blocked' | 'failed' | 'cancelled' | 'nothing-to-do';

/** A document by its place in the chain, and what its bytes are. */
export interface SealedDocument extends Seal {
  readonly number: number;
}

/** What consumers see since the run: versions and rows by table. */
export interface Publication {
  readonly slot: string;
  readonly tables: Readonly<Record<string, { readonly version: number; readonly rows: number }>>;
}

export interface TableEvidence {
  readonly table: string;
  readonly step: Step;
  readonly contractVersion: string;
  /** Null when the step came to no result for the table. */
  readonly result: Counts | null;
  readonly rules: readonly RuleEvidence[];
}

type Counts = Pick<
  TableResult,
  'inputs' | 'rowsIn' | 'rowsOut' | 'duplicates' | 'quarantined' | 'rowCount' | 'deltaVersion'
>;

/** A rule as the contract states it, how it was judged, and by whose word it did not block. */
export interface RuleEvidence
  extends Pick<Verdict, 'gate' | 'rule' | 'expected' | 'outcome' | 'evaluated' | 'failed' | 'override'> {
  readonly couldRun: boolean;
}

/** A run that has ended, as its document tells of it. */
export interface EndedRun {
  readonly env: string;
  readonly domain: string;
  readonly run: Pick<EvidenceDocument, 'runId' | 'outcome' | 'trigger' | 'startedAt' | 'endedAt'>;
  readonly plan: Plan | null;
  readonly results: readonly StepResults[];
  readonly published: Publication | null;
}

/** The run's document, to stand behind another one. */
export function documentOf(ended: EndedRun, previous: SealedDocument | null): EvidenceDocument {
  const { env, domain, run, plan, results, published } = ended;
  const { runId, outcome, trigger, startedAt, endedAt } = run;
  return {
    ...{ type: 'evidence', v: 1, env, domain, number: (previous?.number ?? 0) + 1, previous },
    ...{ runId, outcome, trigger, startedAt, endedAt },
    plan: plan && sha256Of(canonicalBytes(plan)),
    steps: plan ? results.map((each) => ({ step: each.step, outcome: decideGate(each, plan).outcome })) : [],
    tables: plan ? (['refine', 'model'] as const).flatMap((step) => tablesOf(step, plan, results)) : [],
    published,
  };
}

/** All tables that the step was to write; those of a step that came to no end without results and verdicts. */
function tablesOf(step: Step, plan: Plan, results: readonly StepResults[]): TableEvidence[] {
  const found = results.find((each) => each.step === step);
  const verdicts = found ? judgeChecks(found, plan) : [];
  return plannedTables(step, plan).map(({ id: table, contractVersion }) => {
    const result = found?.tables.find((each) => each.table === table);
    const rules = verdicts.filter((verdict) => verdict.table === table).map(ruleOf);
    return { table, step, contractVersion, result: result ? countsOf(result) : null, rules };
  });
}

const countsOf = (result: TableResult): Counts => {
  const { inputs, rowsIn, rowsOut, duplicates, quarantined, rowCount, deltaVersion } = result;
  return { inputs, rowsIn, rowsOut, duplicates, quarantined, rowCount, deltaVersion };
};

/** Without reason, error and sample: they may hold values. */
const ruleOf = ({ gate, rule, expected, outcome, evaluated, failed, error, override }: Verdict): RuleEvidence => ({
  ...{ gate, rule, expected, outcome, evaluated, failed, couldRun: error === undefined },
  ...(override && { override }),
});
