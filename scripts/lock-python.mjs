#!/usr/bin/env node
// Locks every requirements.in, with hashes, into the file beside it. Needs pip-tools: `.venv/bin/pip install pip-tools`.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCKS = [
  ['lambdas/delta', 'requirements'],
  ['spark-jobs', 'requirements'],
  ['bench/quality', 'requirements'],
  ['requirements', 'local'],
  // After what it takes its versions from.
  ['spark-jobs', 'requirements-load'],
];
// No address of a registry may end up in the lock.
const ADDRESS_FREE = [
  '--no-header',
  '--no-emit-index-url',
  '--no-emit-find-links',
  '--no-emit-trusted-host',
  '--annotation-style=line',
];

for (const [folder, name] of LOCKS) {
  execFileSync(
    join(root, '.venv', 'bin', 'pip-compile'),
    [
      '--quiet',
      '--generate-hashes',
      '--no-strip-extras',
      // It leaves out setuptools otherwise, and pip takes no file in which one of many has no hash.
      '--allow-unsafe',
      ...ADDRESS_FREE,
      '--output-file',
      `${name}.txt`,
      `${name}.in`,
    ],
    { cwd: join(root, folder), stdio: 'inherit', env: { ...process.env, PIP_FIND_LINKS: '' } },
  );
}
