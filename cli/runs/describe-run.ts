import type { BilledUtilisation, RunGate, RunItem, RunStep } from '../../lambdas/shared/ledger.ts';
import { bytes, indent, seconds, table } from '../shared/format.ts';

/** Runs as a table, one line each. */
export const runTable = (runs: readonly RunItem[]): string =>
  table(
    runs.map(({ runId, status, trigger, startedAt, durationMs, steps }) => ({
      run: runId,
      status,
      trigger,
      started: startedAt,
      duration: durationMs === undefined ? '' : seconds(durationMs),
      steps: steps.map(({ name }) => name).join(' '),
      quarantined: steps.reduce((sum, step) => sum + step.quarantined, 0),
    })),
  );

/** Steps of a run as a table. */
export const stepTable = (steps: readonly RunStep[]): string =>
  table(
    steps.map(({ name, outcome, startedAt, endedAt, rowsIn, rowsOut, quarantined, bytesRead, billed, ...step }) => ({
      step: name,
      outcome,
      duration: seconds(Date.parse(endedAt) - Date.parse(startedAt)),
      'start of Spark': step.overheadSeconds === undefined ? '' : seconds(step.overheadSeconds * 1000),
      'rows in': rowsIn,
      'rows out': rowsOut,
      quarantined,
      read: bytesRead === undefined ? '' : bytes(bytesRead),
      billed: billed ? describeBill(billed) : '',
    })),
  );

/** All that is known of one run. */
export function describeRun(run: RunItem, opsBucket: string, applicationId: string): string {
  const { runId, status, trigger, startedAt, durationMs, steps, gates, error } = run;
  const took = durationMs === undefined ? '' : `, took ${seconds(durationMs)}`;
  const logs = steps.flatMap(({ name, jobRunId }) =>
    jobRunId ? [`${name}: s3://${opsBucket}/logs/applications/${applicationId}/jobs/${jobRunId}/SPARK_DRIVER/`] : [],
  );
  return [
    `${runId}: ${status} (${trigger}), started ${startedAt}${took}`,
    ...(error ? ['error', indent(error)] : []),
    ...section('steps', steps.length > 0 ? stepTable(steps) : ''),
    ...section('gates', gates.map(describeGate).join('\n')),
    ...section('logs', logs.join('\n')),
  ].join('\n');
}

const section = (title: string, text: string): string[] => (text ? [title, indent(text)] : []);

/** A gate's outcome, and what kept its step from simply passing. */
const describeGate = ({ step, outcome, reasons, checks }: RunGate): string =>
  [`after ${step}: ${outcome}, ${checks.length} checks`, ...reasons.map((reason) => `  ${reason}`)].join('\n');

/** What EMR Serverless bills, in its units: prices differ by region and over time. */
const describeBill = ({ vCPUHour, memoryGBHour }: BilledUtilisation): string =>
  `${vCPUHour.toFixed(3)} vCPU-h, ${memoryGBHour.toFixed(3)} GB-h`;
