import type { SealedDocument } from '../../lib/evidence/document.ts';
import type { Outcome } from '../../lib/plan/decide-gate.ts';
import type { History, HistoryKey } from '../../lib/plan/history.ts';
import type { Watermark } from '../../lib/plan/lateness.ts';
import type { Override } from '../../lib/plan/override.ts';
import type { Slot, StepResults } from '../../lib/plan/plan.ts';
import type { Replay } from '../../lib/plan/replay.ts';
import type { Decision, GoldHold, GoldRelease, Publication, PublishedTable } from '../../lib/publish/publication.ts';

/** What Sluice remembers of its runs and tables: one DynamoDB table, read and written through this port. */
export interface Ledger {
  domainState(domain: string): Promise<DomainState>;
  /** Takes the domain for a run and records the run. False when another run holds it or came first. */
  claim(claim: Claim): Promise<boolean>;
  /** Takes a free domain for what is no run. False when somebody has it. */
  takeDomain(lease: Lease, term: Term): Promise<boolean>;
  /** Asks the active run to start another one at its end. False when no run is active any more. */
  markDirty(domain: string): Promise<boolean>;
  /** Gives the domain back. False when more arrived meanwhile, or when the run does not hold the domain. */
  release(lease: Lease): Promise<boolean>;
  /** Gives the domain back after a run that could not be started; what it was to do stays due. */
  abandon(lease: Lease): Promise<void>;

  run(domain: string, runId: string): Promise<RunItem | null>;
  /** Newest first. */
  runs(domain: string, limit: number): Promise<RunItem[]>;
  /** Notes why a run is about to be stopped. False when it has ended already. */
  noteCancellation(domain: string, runId: string, cancellation: Cancellation): Promise<boolean>;
  /** Records how a run ended. False when that is recorded already: the first report stands. */
  endRun(domain: string, run: RunItem): Promise<boolean>;

  tables(ids: readonly string[]): Promise<ReadonlyMap<string, TableState>>;
  /** Records what a run made of its tables, while it holds the domain. Throws `LostLeaseError` otherwise. */
  recordTables(lease: Lease, tables: ReadonlyMap<string, TableState>): Promise<void>;

  slots(domain: string): Promise<ReadonlyMap<Slot, SlotState>>;
  /** Records what a slot was built from, while the run holds the domain. */
  recordSlot(lease: Lease, slot: Slot, state: SlotState): Promise<void>;
  published(domain: string): Promise<Published | null>;
  /** Records what consumers see, while the run holds the domain. */
  recordPublished(lease: Lease, published: Published): Promise<void>;
  /** Records that consumers see a publication, and keeps it beside the ones before. */
  recordPublication(lease: Lease, publication: Publication): Promise<void>;
  /** Newest first. */
  publications(domain: string, limit: number): Promise<Publication[]>;
  /** Stops runs from building gold, by who holds the domain. */
  holdGold(lease: Lease, hold: GoldHold): Promise<void>;
  goldHold(domain: string): Promise<GoldHold | null>;
  /** Remembers who did it; false when gold was not held. */
  releaseGold(domain: string, release: Pick<GoldRelease, 'by' | 'at'>): Promise<boolean>;
  /** Newest first. */
  goldReleases(domain: string, limit: number): Promise<GoldRelease[]>;

  /** Keeps an override beside all that were given before. */
  recordOverride(domain: string, override: Override): Promise<void>;
  /** All that were ever given, expired ones too. */
  overrides(domain: string): Promise<Override[]>;

  /** What earlier runs measured; what was never measured is left out. */
  histories(keys: readonly HistoryKey[]): Promise<History[]>;
  recordHistory(history: History): Promise<void>;

  /** Remembers refused rows that the next run is to judge again; naming the same document again changes nothing. */
  recordReplay(domain: string, replay: Replay): Promise<void>;
  replays(domain: string): Promise<Replay[]>;
  /** A run has judged them. */
  forgetReplays(domain: string, uris: readonly string[]): Promise<void>;

  recordSent(domain: string, sent: Sent): Promise<void>;
  sent(domain: string): Promise<Sent[]>;
}

/** Who may write what Spark made: the run that holds the domain. */
export interface Lease {
  readonly domain: string;
  readonly runId: string;
}

export interface Claim extends Lease {
  readonly trigger: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** A run that holds the domain but is known to have ended. */
  readonly replaces?: string;
}

/** ISO 8601, UTC. */
export interface Term {
  readonly at: string;
  /** When the domain is given back at the latest, since its process ends. */
  readonly until: string;
}

export interface DomainState {
  readonly activeRun?: string;
  /** When the active run took the domain; ISO 8601, UTC. */
  readonly claimedAt?: string;
  /** Only while maintenance or a rollback has the domain: when it gives it back at the latest; ISO 8601, UTC. */
  readonly heldUntil?: string;
  /** More was committed since the active run started. */
  readonly dirty: boolean;
  /** Counts claims: a higher one has overtaken a lower one. */
  readonly fence: number;
}

export type RunOutcome = 'succeeded' | 'blocked' | 'failed' | 'cancelled' | 'nothing-to-do';

export interface RunItem {
  readonly type: 'run';
  readonly v: 1;
  readonly runId: string;
  readonly status: 'running' | RunOutcome;
  readonly trigger: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly steps: readonly RunStep[];
  readonly gates: readonly RunGate[];
  readonly error?: string;
  /** Somebody's wish that the run end early; it may have ended by itself before. */
  readonly cancellation?: Cancellation;
  /** The document of the run, as it was written; a second witness of what lies in the bucket. */
  readonly evidence?: SealedDocument;
}

export interface Cancellation {
  readonly by: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface RunStep {
  readonly name: string;
  readonly outcome: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly quarantined: number;
  /** Of files, by Spark's tasks. */
  readonly bytesRead?: number;
  readonly jobRunId?: string;
  /** What the job took besides its work: above all the start of the driver. */
  readonly overheadSeconds?: number;
  readonly billed?: BilledUtilisation;
}

/** As EMR Serverless bills it. */
export interface BilledUtilisation {
  readonly vCPUHour: number;
  readonly memoryGBHour: number;
  readonly storageGBHour: number;
}

export interface RunGate {
  readonly step: StepResults['step'];
  readonly outcome: string;
  /** What kept the step from passing, worst first. */
  readonly reasons: readonly string[];
  readonly checks: readonly GateCheck[];
}

export interface GateCheck {
  readonly table: string;
  readonly id: string;
  readonly name: string;
  readonly evaluated: number;
  readonly failed: number;
  readonly outcome: Outcome;
  /** Why the check could not run. */
  readonly error?: string;
  /** By whose word it did not block. */
  readonly override?: Override;
}

/** The last version known of a table. */
export interface TableState {
  readonly version: number;
  readonly rows: number;
  /** Events that bronze or the quarantine account for since the table exists. */
  readonly accounted?: number;
  readonly committedAt?: string;
  /** Bronze: the latest event time that it holds, where a time after its event's arrival counts as the arrival. */
  readonly lastEventTime?: string;
  /** Silver: the version up to which each bronze table is merged. */
  readonly consumed?: Readonly<Record<string, number>>;
  /** Silver: how far each bronze table had come in event time when the last run that merged it was planned. */
  readonly watermarks?: Readonly<Record<string, Watermark>>;
  /** Silver: who took it back to which version last, and why. */
  readonly restored?: Decision & { readonly version: number; readonly at: string };
}

export interface SlotState {
  /** Versions of the silver tables that the slot was last built from. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, PublishedTable>>;
  /** Only until it is built again: who wished that this is done in full, and why. */
  readonly rebuild?: Decision;
}

export interface Published {
  readonly slot: Slot;
  readonly runId: string;
  readonly publishedAt: string;
  readonly tables: Readonly<Record<string, PublishedTable>>;
  /** Of what was published before publications were kept there is none. */
  readonly publication?: string;
}

/** What a person sent with the command line, to be found again as landed or quarantined. */
export interface Sent {
  readonly id: string;
  readonly source: string;
  readonly events: number;
  readonly records: number;
  readonly sentAt: string;
}

/** What the ledger says of consumers while they see a publication. */
export const publishedOf = ({ id, slot, runId, publishedAt, tables }: Publication): Published => ({
  ...{ slot, runId, publishedAt, tables },
  publication: id,
});

/** Another run has taken the domain: what this one made must not be recorded. */
export class LostLeaseError extends Error {
  constructor({ domain, runId }: Lease) {
    super(`run '${runId}' no longer holds domain '${domain}'; another run took over, so its results are not recorded`);
    this.name = 'LostLeaseError';
  }
}
