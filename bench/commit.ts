// How long a staged file waits for its commit: npx tsx bench/commit.ts [--minutes n] [--producers n] [--every seconds] [--compact seconds] [--json]
// Starts a local cloud of its own with the real queue, mapping and function, and many producers on one table.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalCloud } from '../local/local-cloud.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');
const IMPORTS = ['lambdas/commit-batches', 'lambdas/delta', 'lambdas/maintain-tables', 'test/python/support'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    producers: { type: 'string', default: '32' },
    every: { type: 'string', default: '2' },
    compact: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});

/** Runs the producers against the cloud and prints what they saw. */
function measure(env: Readonly<Record<string, string>>): void {
  const script = path.join(import.meta.dirname, 'commit', 'measure_commits.py');
  const settings = (['minutes', 'producers', 'every', 'compact'] as const).flatMap((name) => [
    `--${name}`,
    values[name],
  ]);
  const { status } = spawnSync(
    path.join(PROJECT, '.venv/bin/python'),
    [script, ...settings, ...(values.json ? ['--json'] : [])],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...env,
        PYTHONPATH: IMPORTS.map((folder) => path.join(PROJECT, folder)).join(path.delimiter),
      },
    },
  );
  if (status !== 0) throw new Error(`the producers ended with ${status}`);
}

const home = mkdtempSync(path.join(tmpdir(), 'sluice-bench-commit-'));
const cloud = openLocalCloud({ home });
try {
  await cloud.start();
  measure(cloud.env);
} finally {
  await cloud.stop();
  rmSync(home, { recursive: true, force: true });
}
