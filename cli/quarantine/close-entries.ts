import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayRequest } from '../../lambdas/replay-records/request.ts';
import { entryId, type Status } from '../../lib/landing/quarantine-row.ts';
import { OperationError } from '../shared/errors.ts';
import { count, plural } from '../shared/format.ts';
import type { Tell } from '../shared/progress.ts';
import type { Quarantine, SealedEntry } from './entries.ts';
import { type Outcome, partsOf, type ReplayFunction } from './replay-function.ts';

type Closing = Extract<ReplayRequest, { type: 'Replay' | 'Discard' }>;

/** What became of each event: as the function says, or closed before. */
export type Result = Omit<Outcome, 'type'> & { readonly type: Exclude<Outcome['type'], 'Scheduled'> | 'ClosedBefore' };

export interface Closer {
  readonly quarantine: Quarantine;
  readonly replay: Pick<ReplayFunction, 'close'>;
  /** Has a run judge what only a run can. */
  readonly startRun: () => Promise<unknown>;
}

const POLL_MS = 1000;
/** A statement names each id; Athena refuses those of more than 256 KiB. */
const IDS_AT_ONCE = 1000;

/** What the next entry of an event may say; of a row that a run judges again it is not known before. */
const NEXT: Readonly<Record<Outcome['type'], readonly Status[]>> = {
  Replayed: ['replayed'],
  RefusedAgain: ['open'],
  Discarded: ['discarded'],
  Scheduled: ['replayed', 'open'],
  NotReplayable: [],
};

/** Has entries closed, part by part, and waits until the quarantine says so. What is closed already stays as it is. */
export async function closeEntries(
  closer: Closer,
  entries: readonly SealedEntry[],
  how: Omit<Extract<Closing, { type: 'Replay' }>, 'entries'> | Omit<Extract<Closing, { type: 'Discard' }>, 'entries'>,
  { tell, timeoutSeconds }: { readonly tell: Tell; readonly timeoutSeconds: number },
): Promise<Result[]> {
  const { quarantine, replay, startRun } = closer;
  const open = entries.filter(({ status }) => status === 'open');
  const closedBefore = entries
    .filter(({ status }) => status !== 'open')
    .map(({ quarantine_id: quarantineId, status }): Result => ({ quarantineId, type: 'ClosedBefore', reason: status }));
  const outcomes: Outcome[] = [];
  for (const part of partsOf(open)) {
    outcomes.push(...(await replay.close({ ...how, entries: part })));
    tell(`${count(outcomes.length)} of ${plural(open.length, 'event')} handed over`);
  }
  if (outcomes.some(({ type }) => type === 'Scheduled')) await startRun();
  await untilCommitted(quarantine, nextEntryIds(open, outcomes), { tell, timeoutSeconds });
  return [...closedBefore, ...(await resultsOf(quarantine, outcomes))];
}

/** How the rows fared that a run has judged again. */
async function resultsOf(quarantine: Pick<Quarantine, 'list'>, outcomes: readonly Outcome[]): Promise<Result[]> {
  const scheduled = outcomes.filter(({ type }) => type === 'Scheduled').map(({ quarantineId }) => quarantineId);
  const states = new Map<string, Status>();
  for (let start = 0; start < scheduled.length; start += IDS_AT_ONCE) {
    const found = await quarantine.list({ ids: scheduled.slice(start, start + IDS_AT_ONCE) });
    for (const { quarantine_id, status } of found) states.set(quarantine_id, status);
  }
  return outcomes.map(({ type, ...outcome }) => {
    if (type !== 'Scheduled') return { ...outcome, type };
    return { ...outcome, type: states.get(outcome.quarantineId) === 'replayed' ? 'Replayed' : 'RefusedAgain' };
  });
}

/** The entries that are on their way, by the names that whoever makes them gives them too: one of each list comes. */
function nextEntryIds(open: readonly SealedEntry[], outcomes: readonly Outcome[]): string[][] {
  const attempts = new Map(open.map((entry) => [entry.quarantine_id, entry.attempts]));
  const idsOf = ({ quarantineId, type }: Outcome) =>
    NEXT[type].map((status) => entryId(quarantineId, (attempts.get(quarantineId) ?? 0) + 1, status));
  return outcomes.map(idsOf).filter((ids) => ids.length > 0);
}

async function untilCommitted(
  quarantine: Pick<Quarantine, 'committed'>,
  next: readonly (readonly string[])[],
  { tell, timeoutSeconds }: { readonly tell: Tell; readonly timeoutSeconds: number },
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (let done = 0; done < next.length; ) {
    const part = next.slice(done, done + IDS_AT_ONCE);
    const found = await quarantine.committed(part.flat());
    tell(`${count(done + found)} of ${count(next.length)} committed`);
    if (found === part.length) done += part.length;
    else if (Date.now() < deadline) await sleep(POLL_MS);
    else
      throw new OperationError(
        `${plural(next.length - done - found, 'event')} not committed after ${timeoutSeconds} s; see \`sluice status\` and \`sluice dlq list\`, then repeat the command`,
      );
  }
}
