/** A load of a file by Spark that has not ended. */
export interface Load {
  /** Of the file. */
  readonly shard: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  /** Of the job that runs or is to be started; counts from 1. */
  readonly attempt: number;
  /** Undefined until a job was started for this attempt. */
  readonly jobRunId?: string | undefined;
}

/** Remembers loads from their request to their end; the end itself is the file's, in `FileLedger`. */
export interface LoadLedger {
  /** Takes over a file that is open. False when it is not: it is loading already, or has ended. */
  request(shard: string, at: string): Promise<boolean>;
  /** All that have not ended, in the order of their requests. */
  active(): Promise<readonly Load[]>;
  /** Records the job of an attempt; a load that has ended meanwhile stays so. */
  recordJob(load: Load): Promise<void>;
}

export type JobState = 'running' | 'succeeded' | 'failed';

/** Spark jobs that load files. */
export interface LoadJobs {
  /** Starts an attempt at a load; starting the same again is one job. Returns its id. */
  start(load: Load): Promise<string>;
  /** A job that is not known any more has failed. */
  stateOf(jobRunId: string): Promise<JobState>;
  /** Where the job's driver has logged. */
  logOf(jobRunId: string): string;
}
