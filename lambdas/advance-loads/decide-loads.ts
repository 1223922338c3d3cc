import type { JobState, Load } from '../shared/load-ports.ts';

/** A load and what became of its job; null where none was started for its attempt. */
export interface WatchedLoad {
  readonly load: Load;
  readonly job: JobState | null;
}

export interface Steps {
  /** Whose jobs have staged all rows. */
  readonly toFinish: readonly Load[];
  /** Whose last attempt has failed. */
  readonly toGiveUp: readonly Load[];
  /** Without a job, for the attempt that is to be started. */
  readonly toStart: readonly Load[];
  readonly running: number;
  /** That have to wait until others end. */
  readonly waiting: number;
}

/** A second attempt outlives a lost machine; a third would only cost. */
export const ATTEMPTS = 2;

/** What loads need next. First come, first served: so many run at once, since each may take all of the application. */
export function decideLoads(watched: readonly WatchedLoad[], atOnce: number): Steps {
  const withJob = (state: JobState | null) => watched.filter(({ job }) => job === state).map(({ load }) => load);
  const running = withJob('running').length;
  const failed = withJob('failed');
  const again = failed.filter(({ attempt }) => attempt < ATTEMPTS);
  const due = [...withJob(null), ...again.map(nextAttempt)];
  const toStart = due.slice(0, Math.max(0, atOnce - running));
  return {
    toFinish: withJob('succeeded'),
    toGiveUp: failed.filter(({ attempt }) => attempt >= ATTEMPTS),
    toStart,
    running,
    waiting: due.length - toStart.length,
  };
}

const nextAttempt = ({ shard, requestedAt, attempt }: Load): Load => ({ shard, requestedAt, attempt: attempt + 1 });
