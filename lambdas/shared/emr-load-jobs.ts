import {
  type EMRServerlessClient,
  GetJobRunCommand,
  ResourceNotFoundException,
  StartJobRunCommand,
} from '@aws-sdk/client-emr-serverless';
import { loadUri } from './load-documents.ts';
import type { JobState, Load, LoadJobs } from './load-ports.ts';
import type { Settings } from './settings.ts';

/** How loads run on EMR Serverless, as the stack has set it up. */
export type LoadJobSettings = Settings<
  | 'DOMAIN'
  | 'LANDING_BUCKET'
  | 'APPLICATION_ID'
  | 'JOB_ROLE_ARN'
  | 'JOB_ENTRY_POINT'
  | 'JOB_PARAMETERS'
  | 'JOB_TIMEOUT_MINUTES'
  | 'JOB_LOG_URI'
>;

const ENDED: Readonly<Record<string, JobState>> = { SUCCESS: 'succeeded', FAILED: 'failed', CANCELLED: 'failed' };

/** Loads as job runs of the domain's application. */
export class EmrLoadJobs implements LoadJobs {
  private readonly client: EMRServerlessClient;
  private readonly settings: LoadJobSettings;

  constructor(client: EMRServerlessClient, settings: LoadJobSettings) {
    this.client = client;
    this.settings = settings;
  }

  async start(load: Load): Promise<string> {
    const { jobRunId } = await this.client.send(new StartJobRunCommand(this.requestOf(load)));
    if (!jobRunId) throw new Error(`load ${load.shard}: EMR Serverless started a job and did not say which`);
    return jobRunId;
  }

  async stateOf(jobRunId: string): Promise<JobState> {
    try {
      const request = new GetJobRunCommand({ applicationId: this.settings.APPLICATION_ID, jobRunId });
      const { jobRun } = await this.client.send(request);
      return ENDED[jobRun?.state ?? ''] ?? 'running';
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return 'failed';
      throw error;
    }
  }

  logOf(jobRunId: string): string {
    return `${this.settings.JOB_LOG_URI}applications/${this.settings.APPLICATION_ID}/jobs/${jobRunId}/SPARK_DRIVER/`;
  }

  private requestOf({ shard, requestedAt, attempt }: Load) {
    const { settings } = this;
    const plan = loadUri(settings.LANDING_BUCKET, settings.DOMAIN, 'plans', shard);
    const sparkSubmit = {
      entryPoint: settings.JOB_ENTRY_POINT,
      entryPointArguments: ['--plan', plan],
      sparkSubmitParameters: settings.JOB_PARAMETERS,
    };
    return {
      applicationId: settings.APPLICATION_ID,
      // The same attempt never starts a second job, however often it is asked for.
      clientToken: `${shard}-${Date.parse(requestedAt)}-${attempt}`,
      name: `load-${shard}`,
      executionRoleArn: settings.JOB_ROLE_ARN,
      executionTimeoutMinutes: settings.JOB_TIMEOUT_MINUTES,
      jobDriver: { sparkSubmit },
      configurationOverrides: {
        monitoringConfiguration: { s3MonitoringConfiguration: { logUri: settings.JOB_LOG_URI } },
      },
      tags: { 'sluice:file': shard, 'sluice:step': 'load' },
    };
  }
}
