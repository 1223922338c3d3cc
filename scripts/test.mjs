#!/usr/bin/env node
// Runs every suite and adds them up. A suite that could not run counts as failed: silence is not a pass.
// Usage: node scripts/test.mjs [lint] [types] [unit] [python] [e2e] [long]   (all but long, when none is named)
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const venv = (name) => join(root, '.venv', 'bin', name);
const report = (name) => join(root, 'build', 'test', name);

/** The Node that runs the functions, where it is installed; asked for late, since the setup may install it. */
const node = () => (existsSync(bin('node')) ? bin('node') : process.execPath);

/** Node runs jest's own script, so that modules of TypeScript load as ES modules. */
const jest = (project) => [
  node(),
  [
    '--experimental-vm-modules',
    '--no-warnings',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--selectProjects',
    project,
    '--json',
    '--outputFile',
    report(`${project}.json`),
    '--ci',
    ...(project === 'unit' ? [] : ['--runInBand']),
  ],
];

const pytest = (...args) => [venv('python'), ['-m', 'pytest', '--junitxml', report('python.xml'), ...args]];

const SUITES = {
  lint: [
    { command: () => [bin('biome'), ['ci', '--error-on-warnings', '.']], count: countExit },
    { command: () => [venv('ruff'), ['check', '.']], count: countExit },
    { command: () => [venv('ruff'), ['format', '--check', '.']], count: countExit },
    { command: () => [venv('sqlfluff'), ['lint', 'domains', '--disable-progress-bar']], count: countExit },
  ],
  types: [
    { command: () => [bin('tsc'), ['--project', '.']], count: countExit },
    { command: () => [venv('mypy'), ['--config-file', 'pyproject.toml', '.']], count: countExit },
  ],
  unit: [{ command: () => jest('unit'), count: () => countJest('unit') }],
  python: [{ command: () => pytest(), count: countPytest }],
  e2e: [{ command: () => jest('e2e'), count: () => countJest('e2e') }],
  long: [{ command: () => jest('long'), count: () => countJest('long') }],
};

/**
 * What runs when nothing is named; what takes longer is asked for by name. Quick checks come first, one suite after the
 * other, since their steps use all cores. The rest runs side by side, the longest first: each of them keeps about one core busy.
 */
const STAGES = [
  { names: ['lint', 'types'], lanes: 1 },
  { names: ['e2e', 'python', 'unit'], lanes: 2 },
  { names: ['long'], lanes: 1, isAskedFor: true },
];

function countExit(code) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A test file that fails to load has no tests in it, yet has failed. */
function countJest(project) {
  const result = JSON.parse(readFileSync(report(`${project}.json`), 'utf8'));
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function countPytest() {
  const xml = readFileSync(report('python.xml'), 'utf8');
  const total = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const failed = total('failures') + total('errors');
  return { passed: total('tests') - failed - total('skipped'), failed, skipped: total('skipped') };
}

/** With a name, each line of output begins with it, so that suites that run side by side can be told apart. */
function run([command, args], name = '') {
  return new Promise((resolve) => {
    const output = name ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', output, output] });
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface(stream).on('line', (line) => process.stdout.write(`${name.padEnd(6)} | ${line}\n`));
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** @returns the suite's counts; one failure more when its exit code says what its report does not. */
async function runStep({ command, count }, name) {
  const line = command();
  const code = await run(line, name);
  try {
    const counts = count(code);
    const ranNothing = counts.passed + counts.failed === 0;
    return (code !== 0 && counts.failed === 0) || ranNothing ? { ...counts, failed: counts.failed + 1 } : counts;
  } catch (error) {
    process.stderr.write(`${line[0]}: no report (${error.message}): counted as failed\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Runs the steps of a suite side by side. @returns the counts of all. */
function runSuite(name, isAlone) {
  return Promise.all(
    SUITES[name].map(async (step) => {
      const started = Date.now();
      const result = await runStep(step, isAlone ? '' : name);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      const program = step.command()[0].split('/').at(-1);
      process.stdout.write(`${name}: ${program}: ${result.passed} ok, ${result.failed} not ok in ${seconds} s\n`);
      return result;
    }),
  );
}

/** Runs suites in lanes: whichever is free takes the next one. */
async function runStage(names, lanes) {
  const waiting = [...names];
  const isAlone = Math.min(lanes, names.length) === 1;
  const lane = async () => {
    const counts = [];
    while (waiting.length > 0) counts.push(...(await runSuite(waiting.shift(), isAlone)));
    return counts;
  };
  return (await Promise.all(Array.from({ length: lanes }, lane))).flat();
}

async function test(named) {
  rmSync(dirname(report('x')), { recursive: true, force: true });
  mkdirSync(dirname(report('x')), { recursive: true });
  if ((await run([process.execPath, [join(root, 'scripts', 'setup.mjs')]])) !== 0)
    return [{ passed: 0, failed: 1, skipped: 0 }];
  const counts = [];
  for (const { names, lanes, isAskedFor = false } of STAGES) {
    const wanted = names.filter((name) => (named.length > 0 ? named.includes(name) : !isAskedFor));
    counts.push(...(await runStage(wanted, lanes)));
  }
  return counts;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  process.stderr.write(`no suite '${unknown[0]}'; there are ${Object.keys(SUITES).join(', ')}\n`);
  process.exit(2);
}
const counts = await test(names);
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
