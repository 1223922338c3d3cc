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

type Job = 'refine' | 'model';

/**
 * What a job is made of: its entry file, and an archive of the project's `spark-jobs` and the domain's models, which
 * Spark unpacks as `./sluice`. The model job also gets dbt as `./deps`, for the driver only.
 */
export class SparkCode extends Construct {
  private readonly archive: Asset;
  private readonly packages: Asset | undefined;
  private readonly entryFiles: Readonly<Record<Job, Asset>>;

  constructor(scope: Construct, id: string, { environment, domain }: SparkCodeProps) {
    super(scope, id);
    this.archive = this.archiveOf(domain);
    this.packages = environment.buildWheels && Stack.of(this).bundlingRequired ? this.packagesOf() : undefined;
    const entryFile = (job: Job): Asset =>
      new Asset(this, `Job-${job}`, { path: projectPath('spark-jobs/jobs', `${job}.py`) });
    this.entryFiles = { refine: entryFile('refine'), model: entryFile('model') };
  }

  entryPoint(job: Job): string {
    return this.entryFiles[job].s3ObjectUrl;
  }

  sparkSubmitParameters(job: Job): string {
    const sluice = `${this.archive.s3ObjectUrl}#sluice`;
    if (job === 'refine' || !this.packages) return `--conf spark.archives=${sluice}`;
    const archives = `${sluice},${this.packages.s3ObjectUrl}#deps`;
    return `--conf spark.archives=${archives} --conf spark.emr-serverless.driverEnv.PYTHONPATH=./deps`;
  }

  grantRead(role: Role): void {
    const assets = [this.archive, ...Object.values(this.entryFiles), ...(this.packages ? [this.packages] : [])];
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

  private packagesOf(): Asset {
    const requirements = 'spark-jobs/requirements.txt';
    const path = installWheels({ requirements, target: 'wheels/dbt', pythonVersion: '3.11', maximumMb: 1024 });
    return new Asset(this, 'Packages', { path });
  }
}

/** Entry files are assets of their own; the rest is left behind by tests. */
const NOT_PART_OF_A_JOB = [
  '/spark-jobs/jobs',
  '/spark-jobs/tests',
  '/spark-jobs/requirements.*',
  'spark-warehouse',
  'metastore_db',
  'derby.log',
  '__pycache__',
  '*.pyc',
  '.*_cache',
];
