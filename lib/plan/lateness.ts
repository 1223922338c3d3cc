import type { Contract } from '../contract/contract.ts';
import { durationText } from '../contract/contract-sections.ts';
import type { PlannedAhead } from './plan.ts';

/** How far a bronze table had come in event time when a run was planned. */
export interface Watermark {
  /** The latest event time, ISO 8601. */
  readonly time: string;
  /** When it was known, ISO 8601: what had arrived by then is not late, however long it takes to land. */
  readonly knownAt: string;
}

/** Which rows come too late: those that happened before one time and arrived after another, both ISO 8601. */
export interface Late {
  readonly before: string;
  readonly arrivedFrom: string;
  /** How far before the watermark that is, in words. */
  readonly horizon: string;
}

/** No event is older; no horizon has to reach farther back. */
const EARLIEST = Date.UTC(1900, 0, 1);

/**
 * What is too late for a table, by the watermark that the run before knew: what lands together is never late behind
 * itself. Null where nothing is: without a horizon, and while silver holds nothing of the source.
 */
export function lateOf({ lateness }: Pick<Contract, 'lateness'>, watermark: Watermark | undefined): Late | null {
  if (!lateness || !watermark) return null;
  const before = Date.parse(watermark.time) - lateness.minutes * 60_000;
  if (before <= EARLIEST) return null;
  return {
    before: new Date(before).toISOString(),
    arrivedFrom: watermark.knownAt,
    horizon: durationText(lateness.minutes),
  };
}

/** Which times of a table may not be how far ahead of their arrival. */
export const aheadOf = ({ ahead = [] }: Pick<Contract, 'ahead'>, now: string): PlannedAhead[] =>
  ahead.map((each) => ({ ...each, horizon: durationText(each.minutes), now }));
