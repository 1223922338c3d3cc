import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricSink } from './ports.ts';

export const logger = new Logger();

/** From here on every line carries the run's id. */
export const logRun = (runId: string): void => logger.appendKeys({ runId });

/** Metrics of a domain, as EMF lines in the function's log. */
export class EmfMetrics implements MetricSink {
  private readonly metrics = new Metrics();

  constructor(domain: string) {
    // Alarms name their dimensions exactly, and the name of the function is none of them.
    this.metrics.clearDefaultDimensions();
    this.metrics.setDefaultDimensions({ domain });
  }

  add(...[name, unit, value, dimensions = {}]: Parameters<MetricSink['add']>): void {
    if (Object.keys(dimensions).length > 0) this.metrics.addDimensions({ ...dimensions });
    this.metrics.addMetric(name, MetricUnit[unit], value);
    this.metrics.publishStoredMetrics();
  }
}
