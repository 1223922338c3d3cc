import {
  CHOICE,
  decideRestore,
  type Refined,
  type Repaired,
  type Restore,
  type RestoreWish,
} from '../../lib/plan/decide-restore.ts';
import type { Refusal } from '../../lib/publish/decide-rollback.ts';
import type { Decision } from '../../lib/publish/publication.ts';
import type { BackfillLedger } from '../shared/backfill-ledger.ts';
import { handOver } from '../shared/hand-over.ts';
import type { Launcher } from '../shared/launch-run.ts';
import type { Lease } from '../shared/ledger.ts';
import type { JsonStore, TableRestorer } from '../shared/ports.ts';
import { type Known, readKnown } from '../shared/read-known.ts';
import { readPlan, readResults } from '../shared/run-documents.ts';
import type { GoldCall } from './rebuild-gold.ts';

export interface Restorer {
  readonly domain: string;
  readonly launcher: Launcher;
  readonly backfills: Pick<BackfillLedger, 'backfills'>;
  readonly known: Known;
  readonly documents: Pick<JsonStore, 'read'>;
  readonly restorer: TableRestorer;
}

export interface RestoreRequest extends RestoreWish, Decision {
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** Silver is as a run left it; the next run refines what came since, and gold follows. */
export interface Restored extends Omit<Restore, 'type'> {
  readonly type: 'Restored';
}

/** More than anybody looks back: versions are kept for days. */
const RUNS = 500;
const BACKFILLS = 100;

/** Takes a silver table back to a version, and has runs read again what came after it. */
export async function restoreSilver(
  restorer: Restorer,
  request: RestoreRequest,
  call: GoldCall,
): Promise<Restore | Restored | Refusal> {
  if (request.dryRun) return decide(restorer, request, call);
  const { launcher, domain } = restorer;
  const lease = { domain, runId: call.holder };
  if (!(await launcher.ledger.takeDomain(lease, call))) {
    const { activeRun = 'a run' } = await launcher.ledger.domainState(domain);
    return refuse(`'${activeRun}' has domain '${domain}', and may be refining; try again when it has ended`);
  }
  try {
    const restore = await decide(restorer, request, call);
    return restore.type === 'Refused' ? restore : await carryOut(restorer, lease, request, restore, call.at);
  } finally {
    await handOver(launcher, lease, { runId: call.nextRunId, at: call.at });
  }
}

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });

async function decide(restorer: Restorer, wish: RestoreWish, { at }: GoldCall): Promise<Restore | Refusal> {
  const { domain, known, restorer: tables } = restorer;
  const { table, version } = wish;
  const input = { ...(await readKnown(known, domain, at)), domain, createdAt: at, runId: '' };
  const [refined, repaired] = await Promise.all([refinedBy(restorer, wish), repairedBy(restorer, table)]);
  const restore = decideRestore(input, wish, refined, repaired);
  if (restore.type === 'Refused') return restore;
  const [lost] = await tables.check([{ table, slot: null, version }]);
  return lost ? refuse(`version ${version} of ${table} is gone: ${lost.reason}`) : restore;
}

/** Runs that refined the table, from the newest to the one that left the version; where none did, some to choose from. */
async function refinedBy({ launcher, domain, documents, known }: Restorer, wish: RestoreWish): Promise<Refined[]> {
  const refined: Refined[] = [];
  for (const { runId, endedAt, gates } of await launcher.ledger.runs(domain, RUNS)) {
    const isRefined = gates.some(({ step, outcome }) => step === 'refine' && outcome !== 'blocked');
    if (endedAt === undefined || !isRefined) continue;
    const plan = await readPlan(documents, `s3://${known.buckets.ops}/runs/${domain}/${runId}/plan.json`);
    const { tables } = await readResults(documents, plan, 'refine');
    const result = tables.find((each) => each.table === wish.table);
    if (!result) continue;
    refined.push({ runId, endedAt, result });
    const isBefore = result.deltaVersion < wish.version;
    if (result.deltaVersion === wish.version || (isBefore && refined.length >= CHOICE)) break;
  }
  return refined;
}

async function repairedBy({ backfills, domain }: Restorer, table: string): Promise<Repaired[]> {
  const found = await backfills.backfills(domain, BACKFILLS);
  return found.flatMap(({ id, endedAt, comparison, ...each }) => {
    const changed = comparison ? comparison.changed + comparison.missing + comparison.surplus : 0;
    return each.table === table && endedAt !== undefined && changed > 0 ? [{ id, endedAt }] : [];
  });
}

/** First what is to be read again: should this end in between, runs find all of it known, and nothing is lost. */
async function carryOut(
  { launcher, restorer }: Restorer,
  lease: Lease,
  { by, reason }: Decision,
  restore: Restore,
  at: string,
): Promise<Restored> {
  const { ledger } = launcher;
  const { table, version, rows, consumed } = restore;
  const known = (await ledger.tables([table])).get(table);
  const state = { ...known, version: known?.version ?? version, rows: known?.rows ?? rows };
  // Nothing is late for a table that is made again.
  const due = { ...state, consumed: { ...state.consumed, ...consumed }, watermarks: {} };
  await ledger.recordTables(lease, new Map([[table, due]]));
  const [restored] = await restorer.restore([{ table, slot: null, version }]);
  const back = { ...due, version: restored?.version ?? due.version, rows, restored: { version, by, reason, at } };
  await ledger.recordTables(lease, new Map([[table, back]]));
  return { ...restore, type: 'Restored' };
}
