// From an event's time to the moment it can be read in bronze, in a local cloud of its own:
// npx tsx bench/latency.ts [--rate 500] [--seconds 60] [--runs] [--json]
// Without --runs no Spark job competes for the cores; with it every commit may start a run, as in daily use.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { timed } from './measure.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '60' },
    runs: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const TICK_MS = 100;
const EVENTS_A_RECORD = 10;
const WARM_UP_SECONDS = 3;

const home = mkdtempSync(join(tmpdir(), 'sluice-latency-'));
const sluice = (...args: string[]): string => timed('npx', ['tsx', 'bin/sluice.ts', ...args, '--home', home]).output;

try {
  const { endpoint } = JSON.parse(sluice('up', '--json'));
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_ALLOW_HTTP: 'true', AWS_REGION: 'us-east-1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  sluice('deploy', '--domain', 'commerce');
  if (!values.runs) await stopRuns();
  const uri = await bronze();
  await measure(uri, WARM_UP_SECONDS); // the first events pay for cold starts and for the table
  report(await measure(uri, seconds));
} finally {
  sluice('down');
  rmSync(home, { recursive: true, force: true });
}

async function measure(uri: string, duration: number): Promise<Seen> {
  const watching = watch(uri, rate * duration);
  await watching.started;
  const [seen] = await Promise.all([watching.result, send(duration)]);
  return seen;
}

async function stopRuns(): Promise<void> {
  const client = new EventBridgeClient({});
  const { Rules = [] } = await client.send(new ListRulesCommand({}));
  for (const { Name = '', EventPattern = '' } of Rules)
    if (EventPattern.includes('TableCommitted')) await client.send(new DisableRuleCommand({ Name }));
}

async function bronze(): Promise<string> {
  const table = { DatabaseName: 'commerce_bronze', Name: 'orders' };
  const { Table } = await new GlueClient({}).send(new GetTableCommand(table));
  return Table?.StorageDescriptor?.Location ?? '';
}

/** Sends at the rate, a few times a second; an event's time is the moment before it is put. */
async function send(duration: number): Promise<void> {
  const client = new KinesisClient({});
  const started = performance.now();
  for (let tick = 0; tick < (duration * 1000) / TICK_MS; tick += 1) {
    const due = started + tick * TICK_MS;
    await sleep(Math.max(0, due - performance.now()));
    const records = (rate * TICK_MS) / 1000 / EVENTS_A_RECORD;
    const Records = Array.from({ length: records }, () => ({ PartitionKey: crypto.randomUUID(), Data: packed() }));
    const { FailedRecordCount } = await client.send(
      new PutRecordsCommand({ StreamName: 'sluice-local-commerce-events', Records }),
    );
    if (FailedRecordCount) throw new Error(`the stream refused ${FailedRecordCount} records`);
  }
}

function packed(): Buffer {
  const time = new Date().toISOString();
  return Buffer.from(JSON.stringify(Array.from({ length: EVENTS_A_RECORD }, () => event(time))));
}

function event(time: string): object {
  const id = crypto.randomUUID();
  const line = { line_no: 1, product_id: 'P-1', description: 'a product', quantity: 2, unit_price: '9.99' };
  const place = { country: 'Norway', currency: 'NOK', is_cancellation: false };
  const data = {
    order_id: id,
    customer_id: id.slice(0, 6),
    ordered_at: time,
    ...place,
    lines: [line, { ...line, line_no: 2 }],
  };
  return { specversion: '1.0', id, source: '/commerce/bench', type: 'commerce.orders.v1', time, data };
}

interface Seen {
  readonly events: number;
  readonly commits: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

function watch(uri: string, events: number): { started: Promise<void>; result: Promise<Seen> } {
  const args = ['bench/watch_bronze.py', uri, String(events), String(seconds + 60)];
  const child = spawn('.venv/bin/python', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const started = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
      if (complaints.includes('watching')) resolve();
    });
  });
  const result = new Promise<Seen>((resolve, reject) => {
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(complaints))));
  });
  return { started, result };
}

function report({ events, commits, p50, p95, p99 }: Seen): void {
  const beside = values.runs ? 'beside runs' : 'no runs';
  process.stdout.write(
    `${events} events at ${rate}/s in ${commits} commits, ${beside}: event to queryable bronze p50 ${p50} s, p95 ${p95} s, p99 ${p99} s (promised 1.5 s and 3 s)\n`,
  );
  if (values.json)
    process.stdout.write(`${JSON.stringify({ bronzeP50: p50, bronzeP95: p95, bronzeP99: p99, events, commits })}\n`);
}
