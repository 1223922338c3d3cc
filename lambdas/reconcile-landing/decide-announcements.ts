import type { HandOver } from '../../lib/landing/hand-over.ts';

/** What is to be announced again, and how many batches that did not help. */
export interface Announcements {
  readonly due: readonly HandOver[];
  readonly stranded: number;
}

export interface Situation {
  readonly waiting: readonly HandOver[];
  /** Messages in the queue, those in delivery included. */
  readonly queued: number;
  readonly now: Date;
  /** How long a message may take to be committed before it may be lost. */
  readonly graceMinutes: number;
}

const DAY_MS = 86_400_000;
/** Staged files go after 14 days; announcing one that is gone would only fill the dead-letter queue. */
const LIFE_MS = 13 * DAY_MS;
/** As many as one invocation sends with ease. */
const LIMIT = 1000;

/**
 * Announces what no message seems to mention. While the queue holds as many messages as batches wait, each may still
 * have its own, and more would only lengthen the queue: so as many are announced as messages are missing, and what was
 * not announced for a day in any case. Pauses double up to a day, because what fails every time is not lost but broken.
 */
export function decideAnnouncements({ waiting, queued, now, graceMinutes }: Situation): Announcements {
  const graceMs = graceMinutes * 60_000;
  const silence = ({ announcedAt }: HandOver): number => now.getTime() - Date.parse(announcedAt);
  const isGone = ({ handedOverAt }: HandOver): boolean => now.getTime() - Date.parse(handedOverAt) > LIFE_MS;
  const isQuiet = (each: HandOver): boolean => silence(each) >= Math.min(graceMs * 2 ** each.announcements, DAY_MS);
  const missing = Math.max(0, waiting.length - queued);
  const quiet = waiting.filter((each) => isQuiet(each) && !isGone(each)).sort((a, b) => silence(b) - silence(a));
  const due = quiet.filter((each, index) => index < missing || silence(each) >= DAY_MS);
  const hasHelped = (each: HandOver): boolean => each.announcements === 0 || silence(each) < graceMs;
  const stranded = waiting.filter((each) => isGone(each) || !hasHelped(each)).length;
  return { due: due.slice(0, LIMIT), stranded };
}
