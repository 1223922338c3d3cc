// How long the demo takes, from nothing to the report: npx tsx bench/demo.ts [--data <folder>] [--runs n]
import { parseArgs } from 'node:util';
import { print, repeat, timed } from './measure.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, runs: { type: 'string', default: '3' } } });
const args = ['tsx', 'bin/sluice.ts', 'demo', '--json', ...(values.data ? ['--data', values.data] : [])];

function demo(): number {
  const { output, seconds } = timed('npx', args);
  const report = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  process.stdout.write(`${seconds.toFixed(1)} s, events ${JSON.stringify(report.events)}\n`);
  return seconds;
}

print(values.data ? 'demo --data' : 'demo', repeat(Number(values.runs), demo), 's', values.data ? 180 : 120);
