#!/usr/bin/env node
// Makes the project ready to run: node modules, Python environment, Spark's jars. Plain Node, since nothing is installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchSparkJars, sparkJarsReady } from './fetch-spark-jars.mjs';
import { findPython, javaProblem, nodeProblem, pythonProblem } from './requirements.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const venvPython = join(root, '.venv', 'bin', 'python');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice');
const log = join(root, '.sluice', 'logs', 'setup.log');

/** @param {...string} files @returns a name for exactly this content */
const fingerprint = (...files) =>
  files.reduce((hash, file) => hash.update(readFileSync(join(root, file))), createHash('sha256')).digest('hex');

/** A part is done when its stamp holds the fingerprint of what it was made from. */
const isStamped = (stamp, print) => existsSync(stamp) && readFileSync(stamp, 'utf8') === print;

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      writeFileSync(log, `$ ${command} ${args.join(' ')}\n${output}\n`, { flag: 'a' });
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${command} ${args[0]} ended with ${code}; the last lines, the rest in ${log}:\n${output.trim().split('\n').slice(-8).join('\n')}`,
          ),
        );
    });
  });
}

async function installNodeModules() {
  // not `npm ci`: it refuses a lock that lacks a binary some mirror does not have, even one for another platform
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  const link = join(root, 'node_modules', '.bin', 'sluice');
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'bin', 'sluice.mjs'), link); // npx finds it here
}

async function installPython() {
  if (!existsSync(venvPython)) await run(findPython(), ['-m', 'venv', '.venv']);
  await run(venvPython, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    'requirements/local.txt',
  ]);
}

const parts = [
  {
    title: 'node modules',
    stamp: join(root, 'node_modules', '.sluice-stamp'),
    print: () => fingerprint('package-lock.json'),
    build: installNodeModules,
  },
  {
    title: 'Python environment',
    stamp: join(root, '.venv', '.sluice-stamp'),
    print: () => fingerprint('requirements/local.txt'),
    build: installPython,
  },
];

async function timed(title, build) {
  const started = Date.now();
  process.stderr.write(`setup: ${title} …\n`);
  await build();
  process.stderr.write(`setup: ${title} ready in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

async function make({ title, stamp, print, build }) {
  const wanted = print();
  if (isStamped(stamp, wanted)) return;
  await timed(title, build);
  writeFileSync(stamp, wanted);
}

async function setup() {
  const problems = [nodeProblem(), pythonProblem(), javaProblem()].filter(Boolean);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  mkdirSync(dirname(log), { recursive: true });
  await Promise.all(parts.map(make));
  if (!sparkJarsReady(cache)) await timed("Spark's jars", () => fetchSparkJars(cache, venvPython));
}

setup().catch((problem) => {
  process.stderr.write(`${problem.message}\n`);
  process.exitCode = 1;
});
