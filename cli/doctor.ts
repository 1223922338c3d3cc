import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { sparkJarsFolder, sparkJarsReady } from '../scripts/fetch-spark-jars.mjs';
import { javaProblem, nodeProblem, pythonProblem } from '../scripts/requirements.mjs';
import { broken, checkVersions, describeFinding, type Finding, normalise, ok, readPins } from './doctor/check.ts';
import { checkCloud } from './doctor/check-cloud.ts';
import { messageOf, OperationError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { homeOption, jsonOption } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { inProject, PROJECT } from './shared/project.ts';

const NEEDED_MB = 1000;
const LIST_PACKAGES = `
import importlib.metadata, json
print(json.dumps({each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}))`;

const checkNode = (): Finding => from('Node', nodeProblem(), `${process.versions.node} (${process.execPath})`);
const checkPython = (): Finding => from('Python', pythonProblem(), '3.11 or 3.12');
const checkJava = (): Finding => from('Java', javaProblem(), '17');

/** The problems say themselves which requirement they are about. */
const from = (name: string, problem: string | null, detail: string): Finding =>
  problem === null ? ok(name, detail) : broken(name, problem.replace(`${name}: `, ''));

async function checkPackages(): Promise<Finding> {
  const python = inProject('.venv', 'bin', 'python');
  if (!existsSync(python)) return broken('Python packages', 'found no .venv; run `npm run setup`');
  const { stdout } = await promisify(execFile)(python, ['-c', LIST_PACKAGES]);
  const installed = Object.entries(JSON.parse(stdout) as Record<string, string>);
  const pins = readPins(readFileSync(inProject('requirements', 'local.txt'), 'utf8'));
  return checkVersions(pins, new Map(installed.map(([name, version]) => [normalise(name), version])));
}

function checkJars(): Finding {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'sluice');
  const folder = sparkJarsFolder(cache);
  return sparkJarsReady(cache)
    ? ok('Spark jars', folder)
    : broken('Spark jars', `not in ${folder}; run \`npm run setup\``);
}

async function checkDisk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(PROJECT);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  return free >= NEEDED_MB
    ? ok('disk', `${free} MB free`)
    : broken('disk', `${free} MB free, ${NEEDED_MB} MB needed; free some space`);
}

function checkContracts(): Finding {
  try {
    return ok('contracts', plural(loadContracts(PROJECT).length, 'contract'));
  } catch (error) {
    return broken('contracts', messageOf(error));
  }
}

interface Options {
  readonly home: string;
  readonly json?: true;
}

async function doctor({ home, json }: Options): Promise<void> {
  const findings = await Promise.all([
    checkNode(),
    checkPython(),
    checkPackages(),
    checkJava(),
    checkJars(),
    checkDisk(),
    checkContracts(),
    checkCloud(home),
  ]);
  if (json) printJson(findings);
  else console.log(findings.map(describeFinding).join('\n'));
  const problems = findings.filter(({ problem }) => problem !== null);
  if (problems.length > 0) throw new OperationError(`${plural(problems.length, 'problem')} found`);
}

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('check what this machine brings and what state the local cloud is in')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(doctor);
