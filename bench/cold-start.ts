// What a cold start of land-records costs: npm run bench:cold-start -- [--json] [--runs n]
// A fresh process loads the bundle as it is deployed and lands 500 events; AWS is a double that answers at once.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { projectPath } from '../lib/constructs/project.ts';
import { startAws } from './land/aws-double.ts';
import { bundleLandRecords, runFunction, streamEventOf, variablesOf, WASM } from './land/function-process.ts';
import { packed, payments } from './land/payments.ts';
import { figuresOf } from './measure.ts';

interface Start {
  readonly loadMs: number;
  readonly firstBatchMs: number;
  readonly rssMb: number;
}

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '9' } },
});

async function coldStart(bundle: string, event: string, endpoint: string): Promise<Start> {
  const { code, output } = await runFunction(bundle, event, variablesOf(endpoint));
  if (code !== 0) throw new Error(`land-records ended with ${code}: ${output.slice(-2000)}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

const bundle = bundleLandRecords('bench');
const folder = mkdtempSync(path.join(tmpdir(), 'bench-cold-start-'));
const event = path.join(folder, 'event.json');
writeFileSync(event, JSON.stringify(streamEventOf(packed(payments(500, 1), 100))));
const { server, endpoint } = await startAws();
const starts: Start[] = [];
for (let run = 0; run < Number(values.runs); run++) starts.push(await coldStart(bundle, event, endpoint));
server.close();
rmSync(folder, { recursive: true });

const median = (name: keyof Start) => Math.round(figuresOf(starts.map((start) => start[name])).median);
const figures = {
  bundleKb: Math.round(statSync(bundle).size / 1024),
  bundleGzipKb: Math.round(gzipSync(readFileSync(bundle)).length / 1024),
  wasmKb: Math.round(statSync(projectPath(WASM)).size / 1024),
  loadMs: median('loadMs'),
  firstBatchMs: median('firstBatchMs'),
  rssMb: median('rssMb'),
  load: loadavg()[0],
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(13)} ${value}\n`);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
