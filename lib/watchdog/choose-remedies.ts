import { isLost } from './judge-runs.ts';
import type { Snapshot, WatchSettings } from './snapshot.ts';
import type { Remedy, RemedyKind, TakenRemedy } from './watch.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * What is safe to do now: nothing twice for the same cause, and never more of a kind than a day allows. While gold is
 * held somebody is at work, so nothing is moved under their hands; but a lease that nobody has would stop them, too.
 */
export function chooseRemedies(snapshot: Snapshot, { limits }: Pick<WatchSettings, 'limits'>): Remedy[] {
  const { remedies, now, isGoldHeld } = snapshot;
  const wanted = [...releases(snapshot), ...(isGoldHeld ? [] : [...restarts(snapshot), ...redrives(snapshot)])];
  return wanted.flatMap((remedy) => {
    const left = limits[remedy.kind] - takenOn(now, remedy.kind, remedies);
    if (left <= 0 || wasTaken(remedy, remedies)) return [];
    return [remedy.most === undefined ? remedy : { ...remedy, most: Math.min(remedy.most, left) }];
  });
}

/** How many of a kind were taken on the same day, UTC. */
export const takenOn = (now: string, kind: RemedyKind, remedies: readonly TakenRemedy[]): number =>
  remedies.filter((taken) => taken.kind === kind && taken.at.slice(0, 10) === now.slice(0, 10)).length;

/** A redrive is about a queue, and its messages are remembered one by one. */
const wasTaken = ({ kind, about }: Remedy, remedies: readonly TakenRemedy[]): boolean =>
  remedies.some((taken) => taken.kind === kind && taken.about === about);

function releases({ lease, now }: Snapshot): Remedy[] {
  if (!lease || !isLost(lease, now)) return [];
  const why = lease.heldUntil
    ? `it was to give the domain back by ${lease.heldUntil}`
    : 'its execution has ended without giving the domain back';
  return [{ kind: 'release-lease', about: lease.holder, why }];
}

/**
 * The newest run, if it failed by itself within the last day, and the one before it did not: what fails twice in a row
 * does not pass by itself. A run that a gate stopped, or a person, is left as it is.
 */
function restarts({ runs, lease, now }: Snapshot): Remedy[] {
  const [newest, before] = runs;
  if (lease || newest?.status !== 'failed' || newest.cancellation || before?.status === 'failed') return [];
  if (Date.parse(now) - Date.parse(newest.endedAt ?? newest.startedAt) > DAY_MS) return [];
  return [{ kind: 'restart-run', about: newest.runId, why: 'it failed, and no run has succeeded since' }];
}

const redrives = ({ queues }: Snapshot): Remedy[] =>
  queues.flatMap(({ queue, waiting }) =>
    waiting ? [{ kind: 'redrive', about: queue, why: `${waiting} of its messages wait`, most: waiting }] : [],
  );
