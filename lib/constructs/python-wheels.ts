import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from './project.ts';

export interface PythonWheels {
  /** Hash-locked requirements, relative to the project. */
  readonly requirements: string;
  /** Folder below `build/` that receives the packages. */
  readonly target: string;
  readonly pythonVersion: string;
  readonly maximumMb: number;
}

/** Amazon Linux 2023 has glibc 2.34; pip takes each tag by its exact name only. */
const PLATFORMS = ['manylinux_2_28', 'manylinux_2_24', 'manylinux_2_17', 'manylinux2014'];

/**
 * Unpacks the wheels for ARM64 Linux, on any machine and without Docker.
 * The requirements' hash is the stamp: unchanged requirements are not installed twice.
 */
export function installWheels(wheels: PythonWheels): string {
  const { requirements, target, maximumMb } = wheels;
  const folder = projectPath('build', target);
  const stampFile = `${folder}.stamp`;
  const stamp = createHash('sha256')
    .update(readFileSync(projectPath(requirements)))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  runPip(wheels, folder);
  refuseAbove(maximumMb, folder, requirements);
  writeFileSync(stampFile, stamp);
  return folder;
}

function runPip({ requirements, pythonVersion }: PythonWheels, target: string): void {
  const pip = projectPath('.venv/bin/pip');
  if (!existsSync(pip)) throw new Error(`${pip} is missing, so ${requirements} cannot be packed; run npm run setup`);
  const platforms = PLATFORMS.flatMap((platform) => ['--platform', `${platform}_aarch64`]);
  execFileSync(
    pip,
    ['install', '--quiet', '--disable-pip-version-check', '--no-compile', '--require-hashes', '--no-deps']
      .concat(['--only-binary=:all:', ...platforms, '--python-version', pythonVersion, '--implementation', 'cp'])
      .concat(['--target', target, '--requirement', projectPath(requirements)]),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/** Lambda refuses a function whose code and layers unpack to more than 250 MB. */
function refuseAbove(maximumMb: number, folder: string, requirements: string): void {
  const found = Math.ceil(sizeOf(folder) / 2 ** 20);
  if (found > maximumMb)
    throw new Error(
      `${requirements} unpacks to ${found} MB; at most ${maximumMb} MB fit. Take out what is not needed.`,
    );
}

function sizeOf(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0);
}
