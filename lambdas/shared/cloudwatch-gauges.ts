import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Gauges } from './watch-ports.ts';

const HOUR_SECONDS = 3600;

/** Metrics of the function that reads a domain's stream. */
export class CloudWatchGauges implements Gauges {
  constructor(
    private readonly client: CloudWatchClient,
    private readonly readerName: string,
  ) {}

  /** Lambda publishes it with each batch, so there is none of an hour in which nothing was read. */
  async iteratorAge(now: Date): Promise<number | null> {
    const { Datapoints = [] } = await this.client.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'AWS/Lambda', MetricName: 'IteratorAge', Statistics: ['Maximum'], Period: HOUR_SECONDS },
        Dimensions: [{ Name: 'FunctionName', Value: this.readerName }],
        StartTime: new Date(now.getTime() - HOUR_SECONDS * 1000),
        EndTime: now,
      }),
    );
    const ages = Datapoints.flatMap(({ Maximum }) => Maximum ?? []);
    return ages.length > 0 ? Math.max(...ages) : null;
  }
}
