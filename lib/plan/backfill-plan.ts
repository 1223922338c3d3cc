import type { RefineTask, TableRef } from './plan.ts';

/** A part of history that one job makes again: event time, ISO 8601 and UTC, with its beginning and without its end. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

export interface Interval extends TimeRange {
  readonly index: number;
}

/** What a backfill will do, decided before it starts: `s3://<ops>/backfills/<domain>/<backfill id>/plan.json`. */
export interface BackfillPlan extends TimeRange {
  readonly version: 1;
  readonly backfillId: string;
  readonly domain: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** How a run would refine all of bronze, as it is now, by the contract of now. */
  readonly task: RefineTask;
  /** Where rows are gathered before they are compared with the table's. */
  readonly shadow: TableRef;
  /** One after the other they cover the range, without a gap. */
  readonly intervals: readonly Interval[];
  /** Of the plan and of what the jobs report. */
  readonly folder: string;
}
