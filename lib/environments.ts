import { RemovalPolicy } from 'aws-cdk-lib';
import { ENVIRONMENT_NAMES, type EnvironmentName } from './environment-names.ts';

/** Everything in which environments differ. What is not here is the same everywhere. */
export interface Environment {
  readonly name: EnvironmentName;
  readonly account?: string;
  readonly region?: string;
  /** What happens to data when its stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** Guards the ledger against a deletion by hand, and data buckets against a lost object. */
  readonly protectData: boolean;
  readonly evidence: EvidenceLock;
  readonly logRetentionDays: number;
  readonly alarms: boolean;
  readonly tracing: boolean;
  readonly stream: StreamCapacity;
  /** How long the stream and the commit queue wait to fill a batch. */
  readonly batchingWindowSeconds: number;
  /** How much and how long a delivery stream gathers before it writes a file. */
  readonly delivery: { readonly megabytes: number; readonly seconds: number };
  /** How often the stream gives a batch to a failing function before the batch is parked. */
  readonly streamRetries: number;
  /** How long a commit may take. A committer that died is noticed after six times that, as AWS advises. */
  readonly commitTimeoutSeconds: number;
  /** Tables that may be committed at the same time. */
  readonly commitConcurrency: number;
  /** What the landing path may take of the account, and is sure to get; none where a small quota would refuse it. */
  readonly reservedConcurrency?: ReservedConcurrency;
  /** Files, or parts of large ones, that may be landed at the same time in a domain. */
  readonly fileConcurrency: number;
  /** From here on text is loaded by Spark; what is compressed counts four times. */
  readonly largeFileMegabytes: number;
  /** How often landing is reconciled, and how long a staged batch may take before its message may be lost. */
  readonly reconcileMinutes: number;
  /** How often tables are compacted and tidied; many small files slow down whoever reads them. */
  readonly maintenanceHours: number;
  readonly audit: Audit;
  readonly watchdog: Watchdog;
  /** How long a run waits for more commits before it plans, so that a burst becomes one run. */
  readonly settleSeconds: number;
  readonly spark: SparkCapacity;
  /** Wheels for ARM64 are built at synth; the local cloud's own Python has them already. */
  readonly buildWheels: boolean;
  readonly access: LakeAccess;
}

/** A stream's shards, and how many readers each has at once: with more than one, the order of a shard is lost. */
export type StreamCapacity = { readonly parallelisation: number } & (
  | { readonly mode: 'on-demand' }
  | { readonly mode: 'provisioned'; readonly shards: number }
);

/** Invocations at the same time, for one domain. */
export interface ReservedConcurrency {
  /** One a shard and reader: an on-demand stream has up to 200 shards. */
  readonly landRecords: number;
  /** Not below `commitConcurrency`: a queue's mapping that is throttled wastes deliveries. */
  readonly commitBatches: number;
  /** Not below `fileConcurrency`, for the same reason. */
  readonly landFile: number;
}

/** How what went into a stream is balanced against what came out of it. */
export interface Audit {
  readonly everyMinutes: number;
  /** Events that came nowhere for longer are missing. */
  readonly graceMinutes: number;
  /** Of one shard, at most: all its consumers share 2 MB a second. */
  readonly bytesPerSecond: number;
}

/** How often a domain is looked at, and how often a day the watchdog may do what is safe by itself: 0 switches it off. */
export interface Watchdog {
  readonly everyMinutes: number;
  /** So long a refused event may wait for a person before that is a finding. */
  readonly quarantineDays: number;
  /** Leases of what has ended, given back. */
  readonly releasesPerDay: number;
  /** Failed runs, started once more. */
  readonly restartsPerDay: number;
  /** Dead letters, sent on their way once more: whatever made them fail is mostly still there, so a person looks first. */
  readonly redrivesPerDay: number;
}

/** How long evidence of runs can be neither changed nor taken away: by nobody, or by those who may lift the lock. */
export interface EvidenceLock {
  readonly days: number;
  readonly mayBeLifted: boolean;
}

/** The brakes on what Spark may cost. */
export interface SparkCapacity {
  readonly maximumVcpu: number;
  readonly maximumMemoryGb: number;
  readonly maximumDiskGb: number;
  readonly maxExecutors: number;
  readonly autoStopMinutes: number;
  readonly jobTimeoutMinutes: number;
  /** Files that are loaded at the same time in a domain; runs share the application with them. */
  readonly loadsAtOnce: number;
  /** Intervals of a backfill that are made at the same time; runs share the application with them. */
  readonly intervalsAtOnce: number;
}

export interface LakeAccess {
  /** Existing roles of this account that administer Lake Formation, by name. Admins that are set already stay. */
  readonly adminRoles: readonly string[];
  /** Names of the roles that people take; the Catalog stack creates them. */
  readonly engineers: string;
  readonly analysts: string;
  readonly businessUsers: string;
}

/** The account and region that the CDK's command line found; none when nobody is signed in. */
const whereSignedIn = {
  ...(process.env.CDK_DEFAULT_ACCOUNT ? { account: process.env.CDK_DEFAULT_ACCOUNT } : {}),
  ...(process.env.CDK_DEFAULT_REGION ? { region: process.env.CDK_DEFAULT_REGION } : {}),
};

const accessOf = (name: EnvironmentName): LakeAccess => ({
  adminRoles: [],
  engineers: `sluice-${name}-engineers`,
  analysts: `sluice-${name}-analysts`,
  businessUsers: `sluice-${name}-business-users`,
});

const WATCHDOG: Watchdog = {
  everyMinutes: 60,
  quarantineDays: 7,
  releasesPerDay: 3,
  restartsPerDay: 3,
  redrivesPerDay: 0,
};

export const environments: Readonly<Record<EnvironmentName, Environment>> = {
  local: {
    name: 'local',
    // The only account that the local cloud knows.
    account: '000000000000',
    region: 'us-east-1',
    removalPolicy: RemovalPolicy.DESTROY,
    protectData: false,
    evidence: { days: 1, mayBeLifted: true },
    logRetentionDays: 1,
    alarms: true,
    tracing: false,
    stream: { mode: 'provisioned', shards: 1, parallelisation: 1 },
    batchingWindowSeconds: 0,
    delivery: { megabytes: 5, seconds: 2 },
    streamRetries: 3,
    commitTimeoutSeconds: 15,
    commitConcurrency: 2,
    fileConcurrency: 2,
    // Small, so that loads are tried on a laptop: Spark runs there anyway.
    largeFileMegabytes: 4,
    reconcileMinutes: 1,
    maintenanceHours: 24,
    audit: { everyMinutes: 5, graceMinutes: 1, bytesPerSecond: 100_000_000 },
    watchdog: WATCHDOG,
    settleSeconds: 2,
    spark: {
      maximumVcpu: 4,
      maximumMemoryGb: 16,
      maximumDiskGb: 20,
      maxExecutors: 1,
      autoStopMinutes: 15,
      jobTimeoutMinutes: 15,
      loadsAtOnce: 1,
      intervalsAtOnce: 1,
    },
    buildWheels: false,
    access: accessOf('local'),
  },
  dev: {
    name: 'dev',
    ...whereSignedIn,
    removalPolicy: RemovalPolicy.RETAIN,
    protectData: false,
    evidence: { days: 30, mayBeLifted: true },
    logRetentionDays: 14,
    alarms: false,
    tracing: false,
    stream: { mode: 'provisioned', shards: 1, parallelisation: 1 },
    batchingWindowSeconds: 5,
    delivery: { megabytes: 5, seconds: 60 },
    streamRetries: 50,
    commitTimeoutSeconds: 60,
    commitConcurrency: 2,
    fileConcurrency: 2,
    largeFileMegabytes: 1024,
    reconcileMinutes: 15,
    maintenanceHours: 12,
    audit: { everyMinutes: 15, graceMinutes: 15, bytesPerSecond: 1_000_000 },
    watchdog: WATCHDOG,
    settleSeconds: 30,
    spark: {
      maximumVcpu: 16,
      maximumMemoryGb: 64,
      maximumDiskGb: 200,
      maxExecutors: 3,
      autoStopMinutes: 15,
      jobTimeoutMinutes: 60,
      loadsAtOnce: 1,
      intervalsAtOnce: 1,
    },
    buildWheels: true,
    access: accessOf('dev'),
  },
  stage: {
    name: 'stage',
    ...whereSignedIn,
    removalPolicy: RemovalPolicy.RETAIN,
    protectData: true,
    evidence: { days: 90, mayBeLifted: true },
    logRetentionDays: 30,
    alarms: true,
    tracing: true,
    stream: { mode: 'on-demand', parallelisation: 1 },
    batchingWindowSeconds: 10,
    delivery: { megabytes: 64, seconds: 300 },
    streamRetries: 50,
    commitTimeoutSeconds: 60,
    commitConcurrency: 10,
    reservedConcurrency: { landRecords: 50, commitBatches: 10, landFile: 10 },
    fileConcurrency: 10,
    largeFileMegabytes: 1024,
    reconcileMinutes: 15,
    maintenanceHours: 3,
    audit: { everyMinutes: 5, graceMinutes: 15, bytesPerSecond: 1_000_000 },
    watchdog: WATCHDOG,
    settleSeconds: 60,
    spark: {
      maximumVcpu: 64,
      maximumMemoryGb: 256,
      maximumDiskGb: 800,
      maxExecutors: 10,
      autoStopMinutes: 15,
      jobTimeoutMinutes: 120,
      loadsAtOnce: 2,
      intervalsAtOnce: 2,
    },
    buildWheels: true,
    access: accessOf('stage'),
  },
  prod: {
    name: 'prod',
    ...whereSignedIn,
    removalPolicy: RemovalPolicy.RETAIN,
    protectData: true,
    evidence: { days: 5 * 365, mayBeLifted: false },
    logRetentionDays: 90,
    alarms: true,
    tracing: true,
    stream: { mode: 'on-demand', parallelisation: 1 },
    batchingWindowSeconds: 10,
    delivery: { megabytes: 128, seconds: 300 },
    streamRetries: 50,
    commitTimeoutSeconds: 60,
    commitConcurrency: 20,
    reservedConcurrency: { landRecords: 200, commitBatches: 20, landFile: 20 },
    fileConcurrency: 20,
    largeFileMegabytes: 1024,
    reconcileMinutes: 15,
    maintenanceHours: 1,
    audit: { everyMinutes: 5, graceMinutes: 15, bytesPerSecond: 1_000_000 },
    watchdog: WATCHDOG,
    settleSeconds: 60,
    spark: {
      maximumVcpu: 200,
      maximumMemoryGb: 800,
      maximumDiskGb: 2000,
      maxExecutors: 40,
      autoStopMinutes: 15,
      jobTimeoutMinutes: 180,
      loadsAtOnce: 2,
      intervalsAtOnce: 4,
    },
    buildWheels: true,
    access: accessOf('prod'),
  },
};

/** The environment named on the command line, `-c env=<name>`. */
export function environmentNamed(name: unknown): Environment {
  const environment = Object.values(environments).find((known) => known.name === name);
  if (environment) return environment;
  throw new Error(`environment '${name}' is unknown; use -c env=<${ENVIRONMENT_NAMES.join('|')}>`);
}
