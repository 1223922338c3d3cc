import type { Row } from '../../lib/landing/row.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { type Append, type CommitRules, type Committed, planAppend, type StagedRows } from './commit-model.ts';
import type { Commit, DeltaLog } from './delta-log.ts';
import type { Message } from './fifo-queue.ts';
import { type Invocation, Outage } from './invocation.ts';

/** What the committer works on. */
export interface CommitPorts {
  readonly logs: ReadonlyMap<string, DeltaLog>;
  /** The rows of a staged file; undefined when it is gone or can never be read. */
  read(uri: string): readonly Row[] | undefined;
  /** The table has a version: for the ledger, and for whoever waits for it. */
  recorded(table: string, version: number): void;
  /** The hand-over of these batches is over. */
  handedOver(batches: readonly StagedBatch[]): void;
}

export interface CommitterRules extends CommitRules {
  /** Whether a commit finds the version of another one in its way. */
  readonly conditional: boolean;
  /** Whether a commit must be planned again after another one; all of ours write the totals, so they do conflict. */
  readonly conflicting: (commit: Commit, winner: Commit) => boolean;
  /** Whether positions travel in the commit, or in one of their own after it. */
  readonly positionsInCommit: boolean;
  /** What a commit without an answer is taken for. */
  readonly unknownOutcome: 'looked up' | 'failed' | 'succeeded';
  /** What becomes of a batch that can never be committed. */
  readonly unreadable: 'comes again' | 'is dropped';
  /** Whether a failure in one table makes the messages of the others come again. */
  readonly tablesShareFate: boolean;
}

type Batches = Message<StagedBatch>;
interface Staged extends StagedRows {
  readonly message: Batches;
}

/** A message that is to come again, and whether it may succeed then. */
export interface Failure {
  readonly message: Batches;
  readonly mayPass: boolean;
}

const ATTEMPTS = 5;
const ROWS = 'rows';
const ACCOUNTED = 'accounted';

class CommitFailed extends Error {}

/** Commits the messages of one invocation, table by table. @returns those that are to come again. */
export async function commitMessages(
  messages: readonly Batches[],
  ports: CommitPorts,
  rules: CommitterRules,
  invocation: Invocation,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const group of new Set(messages.map((message) => message.group))) {
    const ofTable = messages.filter((message) => message.group === group);
    failures.push(...(await commitTable(group, ofTable, ports, rules, invocation)));
    if (failures.length > 0 && rules.tablesShareFate) return messages.map((message) => ({ message, mayPass: true }));
  }
  return failures;
}

async function commitTable(
  table: string,
  messages: readonly Batches[],
  ports: CommitPorts,
  rules: CommitterRules,
  invocation: Invocation,
): Promise<Failure[]> {
  const { staged, refused } = await readUntilFailure(messages, ports, invocation);
  const done = new Set(refused);
  const log = ports.logs.get(table)!;
  try {
    await commitBatches(log, staged, rules, invocation);
    await invocation.effect(() => ports.recorded(table, log.version));
    await invocation.effect(() => ports.handedOver(staged.map(({ batch }) => batch)));
    for (const { message } of staged) done.add(message);
  } catch (error) {
    if (!(error instanceof Outage || error instanceof CommitFailed)) throw error;
  }
  const late = messages.filter((message) => !done.has(message)).map((message) => ({ message, mayPass: true }));
  const never = rules.unreadable === 'comes again' ? refused : [];
  return [...never.map((message) => ({ message, mayPass: false })), ...late];
}

/** A batch that can never be read fails alone; any other failure holds up what comes after it. */
async function readUntilFailure(
  messages: readonly Batches[],
  ports: CommitPorts,
  invocation: Invocation,
): Promise<{ staged: Staged[]; refused: Batches[] }> {
  const staged: Staged[] = [];
  const refused: Batches[] = [];
  try {
    for (const message of messages) {
      const rows = await invocation.effect(() => ports.read(message.body.staged));
      if (rows?.length === message.body.rows) staged.push({ message, batch: message.body, rows });
      else refused.push(message);
    }
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
  }
  return { staged, refused };
}

/** Whether a failed commit succeeded after all, only the table knows. */
async function commitBatches(
  log: DeltaLog,
  staged: readonly StagedRows[],
  rules: CommitterRules,
  invocation: Invocation,
): Promise<void> {
  let planned = await plan(log, staged, rules, invocation);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (planned.append.count === 0) return;
    try {
      await appendTo(log, staged, planned, rules, invocation);
      return;
    } catch (error) {
      if (!(error instanceof Outage || error instanceof CommitFailed)) throw error;
      if (rules.unknownOutcome === 'succeeded') return;
    }
    const isRepeated = rules.unknownOutcome === 'failed';
    planned = isRepeated
      ? { append: planned.append, committed: committedOf(log) }
      : await plan(log, staged, rules, invocation);
  }
  throw new CommitFailed();
}

interface Planned {
  readonly append: Append;
  /** What it was planned on. */
  readonly committed: Committed;
}

const plan = (
  log: DeltaLog,
  staged: readonly StagedRows[],
  rules: CommitterRules,
  invocation: Invocation,
): Promise<Planned> =>
  invocation.effect(() => {
    const committed = committedOf(log);
    const dates = new Set(staged.flatMap(({ rows }) => rows.map((row) => row._ingest_date)));
    const present = (keys: ReadonlySet<string>) =>
      new Set([...keys].filter((key) => log.holds(key, committed.version, dates)));
    return { append: planAppend(committed, staged, present, rules), committed };
  });

function committedOf(log: DeltaLog): Committed {
  return {
    version: log.version,
    rows: Number(log.txn(ROWS) ?? 0),
    accounted: Number(log.txn(ACCOUNTED) ?? 0),
    position: (shard) => log.txn(`position:${shard}`) ?? -1n,
    txn: (appId) => Number(log.txn(`txn:${appId}`) ?? -1),
  };
}

async function appendTo(
  log: DeltaLog,
  staged: readonly StagedRows[],
  { append, committed }: Planned,
  rules: CommitterRules,
  invocation: Invocation,
): Promise<void> {
  const rows = staged.flatMap((each, i) => each.rows.filter((_, row) => append.kept[i]![row]));
  const positions = [...append.positions].map(([shard, last]) => [`position:${shard}`, last] as const);
  const txns = [...append.txns].map(([appId, number]) => [`txn:${appId}`, BigInt(number)] as const);
  const totals = totalsOf(committed, append);
  const inCommit = rules.positionsInCommit ? [...positions, ...txns] : [];
  await invocation.effect(() => put(log, committed.version, { rows, txns: new Map([...totals, ...inCommit]) }, rules));
  if (!rules.positionsInCommit)
    await invocation.effect(() => put(log, log.version, { rows: [], txns: new Map(positions) }, rules));
}

const totalsOf = (committed: Committed, append: Append): [string, bigint][] => [
  [ROWS, BigInt(committed.rows + append.count)],
  [ACCOUNTED, BigInt(committed.accounted + append.events)],
];

/** As delta-rs does: commits of others are stepped over, unless they wrote a transaction that this one writes too. */
function put(log: DeltaLog, plannedOn: number, commit: Commit, rules: CommitterRules): void {
  if (!rules.conditional) {
    log.overwrite(plannedOn + 1, commit);
    return;
  }
  for (const winner of log.between(plannedOn, log.version))
    if (rules.conflicting(commit, winner)) throw new CommitFailed();
  log.putIfAbsent(log.version + 1, commit);
}
