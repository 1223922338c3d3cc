import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { RunEvent } from '../../lib/lineage/run-event.ts';
import type { LineageLog } from './ports.ts';

/** Lineage as lines of a log group, one stream a run. */
export class CloudWatchLineageLog implements LineageLog {
  private readonly client: CloudWatchLogsClient;
  private readonly logGroupName: string;

  constructor(client: CloudWatchLogsClient, logGroupName: string) {
    this.client = client;
    this.logGroupName = logGroupName;
  }

  async write(runId: string, events: readonly RunEvent[]): Promise<void> {
    const stream = { logGroupName: this.logGroupName, logStreamName: runId };
    await this.createStream(stream);
    // One request takes its events in the order of time only.
    const logEvents = events
      .map((event) => ({ timestamp: Date.parse(event.eventTime), message: JSON.stringify(event) }))
      .sort((a, b) => a.timestamp - b.timestamp);
    await this.client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }

  private async createStream(stream: { logGroupName: string; logStreamName: string }): Promise<void> {
    try {
      await this.client.send(new CreateLogStreamCommand(stream));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  }
}
