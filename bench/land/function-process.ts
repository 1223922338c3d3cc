import { spawn } from 'node:child_process';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { NodeFunction } from '../../lib/constructs/node-function.ts';
import { projectPath } from '../../lib/constructs/project.ts';
import { environments } from '../../lib/environments.ts';
import type { StreamRecord } from '../../lib/landing/landing.ts';
import { paymentsContract } from './payments.ts';

export const WASM = 'node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm';

/** Bundles land-records as it is deployed, for the payments contract. @returns its module */
export function bundleLandRecords(domain: string): string {
  new NodeFunction(new Stack(new App(), 'Process'), 'Land', {
    environment: environments.dev,
    domain,
    name: 'land-records',
    description: 'in a process of its own',
    memoryMb: 1024,
    timeout: Duration.minutes(1),
    contracts: [paymentsContract()],
    files: [WASM],
  });
  return projectPath('build/lambdas', domain, 'land-records/index.mjs');
}

/** As the stream delivers records. */
export const streamEventOf = (records: readonly StreamRecord[]) => ({
  Records: records.map(({ shard, sequence, data, arrivedAt }) => ({
    eventID: `${shard}:${sequence}`,
    kinesis: { sequenceNumber: sequence, data, approximateArrivalTimestamp: Number(arrivedAt) / 1e6 },
  })),
});

/** Runs a fresh process that loads the function and hands it one event. @returns its exit code and all that it wrote */
export async function runFunction(
  bundle: string,
  eventFile: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const script = path.join(import.meta.dirname, 'first-batch.mjs');
  const child = spawn(projectPath('node_modules/.bin/node'), ['--enable-source-maps', script, bundle, eventFile], {
    env: { PATH: process.env.PATH, ...variables },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      output += part;
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

/** The variables of land-records, against a double of AWS. */
export const variablesOf = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'unused',
  AWS_SECRET_ACCESS_KEY: 'unused',
  DOMAIN: 'commerce',
  LANDING_BUCKET: 'landing',
  COMMIT_QUEUE_URL: `${endpoint}/commit.fifo`,
  LEDGER_TABLE: 'ledger',
  ORDERED: 'true',
  TOKEN_SECRET_ARN: 'secret',
  QUARANTINE_KEY_ARN: 'key',
  POWERTOOLS_SERVICE_NAME: 'land-records',
  POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
  POWERTOOLS_TRACE_ENABLED: 'false',
  SLUICE_ENV: 'dev',
});
