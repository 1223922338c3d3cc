import { IgnoreMode, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { allow } from './permissions.ts';
import { projectPath, projectRoot } from './project.ts';
import { installWheels } from './python-wheels.ts';

export interface SparkCodeProps {
  readonly environment: Environment;
  readonly domain: string;
}

const JOBS = ['refine', 'model', 'load', 'backfill'] as const;
type Job = (typeof JOBS)[number];

/** What the release's Python lacks, for the driver only: requirements below `spark-jobs/`, and what they may unpack to. */
const PACKAGES: Partial<
  Record<Job, { readonly requirements: string; readonly target: string; readonly maximumMb: number }>
> = {
  model: { requirements: 'requirements.txt', target: 'wheels/dbt', maximumMb: 1024 },
  load: { requirements: 'requirements-load.txt', target: 'wheels/load', maximumMb: 64 },
};

/**
 * What a job is made of: its entry file, and an archive of the project's `spark-jobs` and the domain's models, which
 * Spark unpacks as `./sluice`. Packages that a job needs are beside it, as `./deps`.
 */
export class SparkCode extends Construct {
  private readonly archive: Asset;
  private readonly packages: Readonly<Partial<Record<Job, Asset>>>;
  private readonly entryFiles: Readonly<Record<Job, Asset>>;

  constructor(scope: Construct, id: string, { environment, domain }: SparkCodeProps) {
    super(scope, id);
    this.archive = this.archiveOf(domain);
    this.packages = environment.buildWheels && Stack.of(this).bundlingRequired ? this.buildPackages() : {};
    const entryFile = (job: Job): Asset =>
      new Asset(this, `Job-${job}`, { path: projectPath('spark-jobs/jobs', `${job}.py`) });
    this.entryFiles = Object.fromEntries(JOBS.map((job) => [job, entryFile(job)])) as Record<Job, Asset>;
  }

  entryPoint(job: Job): string {
    return this.entryFiles[job].s3ObjectUrl;
  }

  sparkSubmitParameters(job: Job): string {
    const sluice = `${this.archive.s3ObjectUrl}#sluice`;
    const packages = this.packages[job];
    if (!packages) return `--conf spark.archives=${sluice}`;
    const archives = `${sluice},${packages.s3ObjectUrl}#deps`;
    return `--conf spark.archives=${archives} --conf spark.emr-serverless.driverEnv.PYTHONPATH=./deps`;
  }

  grantRead(role: Role): void {
    const assets = [this.archive, ...Object.values(this.entryFiles), ...Object.values(this.packages)];
    allow(role, {
      actions: ['s3:GetObject'],
      resources: assets.map((asset) => asset.bucket.arnForObjects(asset.s3ObjectKey)),
    });
  }

  /** Ignore rules as in git, so that whatever else lies in the project is not even looked at. */
  private archiveOf(domain: string): Asset {
    const folders = ['spark-jobs', 'domains', `domains/${domain}`, `domains/${domain}/models`];
    const onlyFolders = folders.flatMap((folder) => [`!/${folder}`, `/${folder}/*`]);
    return new Asset(this, 'Archive', {
      path: projectRoot,
      ignoreMode: IgnoreMode.GIT,
      exclude: ['/*', ...onlyFolders, '!/spark-jobs/*', `!/domains/${domain}/models/*`, ...NOT_PART_OF_A_JOB],
    });
  }

  private buildPackages(): Partial<Record<Job, Asset>> {
    const built = Object.entries(PACKAGES).map(([job, { requirements, ...wheels }]) => {
      const path = installWheels({ requirements: `spark-jobs/${requirements}`, pythonVersion: '3.11', ...wheels });
      return [job, new Asset(this, `Packages-${job}`, { path })];
    });
    return Object.fromEntries(built);
  }
}

/** Entry files are assets of their own; the rest is left behind by tests. */
const NOT_PART_OF_A_JOB = [
  '/spark-jobs/jobs',
  '/spark-jobs/tests',
  '/spark-jobs/requirements*',
  'spark-warehouse',
  'metastore_db',
  'derby.log',
  '__pycache__',
  '*.pyc',
  '.*_cache',
];
