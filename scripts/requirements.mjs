// What the machine must bring: each check answers null, or one line with what was found, what is needed and how to get it.
import { execFileSync } from 'node:child_process';

const PYTHONS = ['python3', 'python3.12', 'python3.11'];

/** The version a command prints, on either stream; null when there is no such command. */
function versionOf(command, ...args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    return null;
  }
}

const isSupportedPython = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major === 3 && minor >= 11 && minor <= 12;
};

const pythonVersion = (command) =>
  versionOf(command, '-c', 'import venv, sys; print("%d.%d.%d" % sys.version_info[:3])');

/** The first Python on the path that can make the environment, or null. */
export function findPython() {
  return PYTHONS.find((command) => isSupportedPython(pythonVersion(command) ?? '0.0')) ?? null;
}

export function pythonProblem() {
  if (findPython()) return null;
  const found = pythonVersion('python3');
  return `Python: found ${found ?? 'none'}; needed 3.11 or 3.12 with venv (Spark 3.5 knows no later one); install it from python.org or your package manager (apt install python3.11 python3.11-venv, brew install python@3.11)`;
}

export function nodeProblem(version = process.versions.node) {
  if (Number(version.split('.')[0]) >= 20) return null;
  return `Node: found ${version}; needed 20 or later; install it from nodejs.org or your package manager (brew install node@24, nvm install 24)`;
}

/** Java's home as JAVA_HOME says, else the one on the path: as Spark looks for it. */
export function javaCommand() {
  return process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';
}

export function javaProblem() {
  const printed = javaVersionText();
  const major = /version "(\d+)/.exec(printed ?? '')?.[1];
  if (major === '17') return null;
  return `Java: found ${major ? `${major} (${javaCommand()})` : 'none'}; needed 17 (Spark 3.5); install it (apt install openjdk-17-jre-headless, brew install openjdk@17) or point JAVA_HOME at it`;
}

function javaVersionText() {
  try {
    // java prints its version to the error stream
    return execFileSync('/bin/sh', ['-c', '"$0" -version 2>&1', javaCommand()], { encoding: 'utf8' });
  } catch {
    return null;
  }
}
