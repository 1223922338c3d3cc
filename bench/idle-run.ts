// How long a run takes that finds nothing to do: npx tsx bench/idle-run.ts [--runs n]
// Needs a local cloud that is up, with all that was sent processed (npx sluice up, deploy, send, wait).
import { parseArgs } from 'node:util';
import type { RunItem } from '../lambdas/shared/ledger.ts';
import { print, repeat, timed } from './measure.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

function idleRun(): number {
  const run: RunItem = JSON.parse(timed('npx', ['tsx', 'bin/sluice.ts', 'run', 'commerce', '--wait', '--json']).output);
  if (run.status !== 'nothing-to-do')
    throw new Error(`run ${run.runId} ended as '${run.status}': send nothing meanwhile`);
  return (run.durationMs ?? Number.NaN) / 1000;
}

print('a run with nothing to do', repeat(Number(values.runs), idleRun), 's', 2);
