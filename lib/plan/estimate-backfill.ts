import { type PastStep, taken } from './estimate-plan.ts';

/** What a backfill will take; null where no earlier run tells it. Money is in US dollars. */
export interface BackfillEstimate {
  readonly minutes: number | null;
  readonly cost: number | null;
}

/** So many jobs that refine their share of the events, some of them side by side. */
export function estimateBackfill(
  events: number,
  intervals: number,
  concurrency: number,
  past: readonly PastStep[],
): BackfillEstimate {
  const refined = past.filter(({ step }) => step === 'refine');
  const each = events / intervals;
  const minutes = taken(
    each,
    refined.map((step) => [step.rows, step.minutes]),
  );
  const cost = taken(
    each,
    refined.flatMap((step) => (step.cost === null ? [] : [[step.rows, step.cost]])),
  );
  return {
    minutes: minutes === null ? null : minutes * Math.ceil(intervals / concurrency),
    cost: cost === null ? null : cost * intervals,
  };
}
