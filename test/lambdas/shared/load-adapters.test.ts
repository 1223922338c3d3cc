import { CreateApplicationCommand, EMRServerlessClient, GetJobRunCommand } from '@aws-sdk/client-emr-serverless';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { EmrLoadJobs } from '../../../lambdas/shared/emr-load-jobs.ts';
import { type LoadPlan, loadUri, readLoadPlan, shardOfPlan } from '../../../lambdas/shared/load-documents.ts';
import { S3LargeFiles } from '../../../lambdas/shared/s3-large-files.ts';
import { S3JsonStore } from '../../../lambdas/shared/s3-stores.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';

const config = useLocalCloud();
const SHARD = 'file-0123456789abcdef0123456789abcdef';
const LOAD = { shard: SHARD, requestedAt: '2026-01-01T00:00:00.000Z', attempt: 1 };

async function jobs(): Promise<{ client: EMRServerlessClient; applicationId: string; adapter: EmrLoadJobs }> {
  const client = new EMRServerlessClient(config());
  const { applicationId = '' } = await client.send(
    new CreateApplicationCommand({ name: 'loads', type: 'SPARK', releaseLabel: 'emr-7.13.0' }),
  );
  const adapter = new EmrLoadJobs(client, {
    DOMAIN: 'commerce',
    LANDING_BUCKET: 'landing',
    APPLICATION_ID: applicationId,
    JOB_ROLE_ARN: 'arn:aws:iam::000000000000:role/loads',
    JOB_ENTRY_POINT: 's3://assets/load.py',
    JOB_PARAMETERS: '--conf spark.archives=s3://assets/a.zip#sluice',
    JOB_TIMEOUT_MINUTES: 15,
    JOB_LOG_URI: 's3://ops/logs/',
  });
  return { client, applicationId, adapter };
}

test('an attempt at a load is one job, however often it is started, and the next attempt another one', async () => {
  const { client, applicationId, adapter } = await jobs();
  const jobRunId = await adapter.start(LOAD);
  expect(await adapter.start(LOAD)).toBe(jobRunId);
  expect(await adapter.start({ ...LOAD, attempt: 2 })).not.toBe(jobRunId);
  expect(await adapter.start({ ...LOAD, requestedAt: '2026-01-02T00:00:00.000Z' })).not.toBe(jobRunId);
  const { jobRun } = await client.send(new GetJobRunCommand({ applicationId, jobRunId }));
  expect(jobRun).toMatchObject({
    name: `load-${SHARD}`,
    executionRole: 'arn:aws:iam::000000000000:role/loads',
    executionTimeoutMinutes: 15,
    jobDriver: {
      sparkSubmit: {
        entryPoint: 's3://assets/load.py',
        entryPointArguments: ['--plan', loadUri('landing', 'commerce', 'plans', SHARD)],
      },
    },
  });
  expect(adapter.logOf(jobRunId)).toBe(`s3://ops/logs/applications/${applicationId}/jobs/${jobRunId}/SPARK_DRIVER/`);
});

test('a job that nobody knows any more has failed', async () => {
  const { adapter } = await jobs();
  expect(await adapter.stateOf('00unknown')).toBe('failed');
});

test('a plan lies where its key names the shard, and is read as it was written', async () => {
  const client = new S3Client({ ...config(), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'landing' }));
  const documents = new S3JsonStore(client);
  const plan = { version: 1, domain: 'commerce', shard: SHARD, arrivedMicros: 1_770_000_000_000_000 } as LoadPlan;
  await new S3LargeFiles(documents, 'landing').load(plan);
  const uri = loadUri('landing', 'commerce', 'plans', SHARD);
  expect(await readLoadPlan(documents, uri)).toEqual(plan);
  expect(shardOfPlan(uri.replace('s3://landing/', ''))).toBe(SHARD);
});

test('a key that names no plan is a bug that is told', () => {
  expect(() => shardOfPlan('loads/commerce/results/file-1.json')).toThrow(/names no plan of a load/);
});
