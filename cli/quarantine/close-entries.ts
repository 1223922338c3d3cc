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
export type Result = Omit<Outcome, 'type'> & { readonly type: Outcome['type'] | 'ClosedBefore' };

const POLL_MS = 1000;
/** A statement names each id; Athena refuses those of more than 256 KiB. */
const IDS_AT_ONCE = 1000;

const NEW_STATUS: Readonly<Partial<Record<Outcome['type'], Status>>> = {
  Replayed: 'replayed',
  RefusedAgain: 'open',
  Discarded: 'discarded',
};

/** Has entries closed, part by part, and waits until the quarantine says so. What is closed already stays as it is. */
export async function closeEntries(
  { quarantine, replay }: { readonly quarantine: Quarantine; readonly replay: Pick<ReplayFunction, 'close'> },
  entries: readonly SealedEntry[],
  how: Omit<Extract<Closing, { type: 'Replay' }>, 'entries'> | Omit<Extract<Closing, { type: 'Discard' }>, 'entries'>,
  { tell, timeoutSeconds }: { readonly tell: Tell; readonly timeoutSeconds: number },
): Promise<Result[]> {
  const open = entries.filter(({ status }) => status === 'open');
  const results: Result[] = entries
    .filter(({ status }) => status !== 'open')
    .map(({ quarantine_id: quarantineId, status }) => ({ quarantineId, type: 'ClosedBefore', reason: status }));
  for (const part of partsOf(open)) {
    results.push(...(await replay.close({ ...how, entries: part })));
    tell(`${count(results.length)} of ${plural(entries.length, 'event')} handed over`);
  }
  await untilCommitted(quarantine, newEntryIds(open, results), { tell, timeoutSeconds });
  return results;
}

/** The entries that are on their way, by the name that the function gives them too. */
function newEntryIds(open: readonly SealedEntry[], results: readonly Result[]): string[] {
  const attempts = new Map(open.map((entry) => [entry.quarantine_id, entry.attempts]));
  return results.flatMap(({ quarantineId, type }) => {
    const status = type === 'ClosedBefore' ? undefined : NEW_STATUS[type];
    return status ? [entryId(quarantineId, (attempts.get(quarantineId) ?? 0) + 1, status)] : [];
  });
}

async function untilCommitted(
  quarantine: Pick<Quarantine, 'committed'>,
  ids: readonly string[],
  { tell, timeoutSeconds }: { readonly tell: Tell; readonly timeoutSeconds: number },
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (let done = 0; done < ids.length; ) {
    const part = ids.slice(done, done + IDS_AT_ONCE);
    const found = await quarantine.committed(part);
    tell(`${count(done + found)} of ${count(ids.length)} committed`);
    if (found === part.length) done += part.length;
    else if (Date.now() < deadline) await sleep(POLL_MS);
    else
      throw new OperationError(
        `${plural(ids.length - done - found, 'event')} not committed after ${timeoutSeconds} s; see \`sluice dlq list\`, then repeat the command`,
      );
  }
}
