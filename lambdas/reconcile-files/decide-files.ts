/** A file below `landing/`, as far as its age matters. */
export interface AgedFile {
  readonly modifiedAt: Date;
}

/** What the ledger says of a file: settled is what has ended, or is loading, which has a clock of its own. Null where it knows none. */
export type Known = 'open' | 'settled' | null;

export interface Ticks {
  readonly now: Date;
  /** How often landing is reconciled, and how long a file may take before its message may be lost. */
  readonly graceMinutes: number;
}

/** Whoever was told so often, over so many days, does not need to be told once more. */
const LIFE_MINUTES = 13 * 24 * 60;
/** A tick may be late: what two of them take is announced twice, which changes nothing. */
const OVERLAP = 1.5;
/** Its queue brings a file back by itself when whoever landed it died, but not before half an hour. */
const OPEN_DOUBLINGS = 2;

/**
 * Files whose age has just doubled, from the grace period on: only they are looked up, and announced again if they are
 * not landed. So a file that cannot be landed is announced a dozen times or two, and no mark has to be kept of it.
 */
export function filesToCheck<F extends AgedFile>(files: readonly F[], ticks: Ticks): F[] {
  return files.filter((file) => {
    const minutes = ageOf(file, ticks);
    const before = minutes - OVERLAP * ticks.graceMinutes;
    return minutes < LIFE_MINUTES && doublings(minutes, ticks) > doublings(before, ticks);
  });
}

export const isToAnnounce = (file: AgedFile, known: Known, ticks: Ticks): boolean =>
  known === null || (known === 'open' && doublings(ageOf(file, ticks), ticks) >= OPEN_DOUBLINGS);

/** A file is stranded when it was announced before, by us and not only by S3, and that did not help. */
export const isStranded = (file: AgedFile, known: Known, ticks: Ticks): boolean =>
  isToAnnounce(file, known, ticks) && doublings(ageOf(file, ticks), ticks) > (known === null ? 0 : OPEN_DOUBLINGS);

const ageOf = ({ modifiedAt }: AgedFile, { now }: Ticks): number => (now.getTime() - modifiedAt.getTime()) / 60_000;

/** How often an age has doubled since the grace period; -1 within it. */
const doublings = (minutes: number, { graceMinutes }: Ticks): number =>
  minutes < graceMinutes ? -1 : Math.floor(Math.log2(minutes / graceMinutes));
