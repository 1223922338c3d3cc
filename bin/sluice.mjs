#!/usr/bin/env node
// `npx sluice`: runs the command line with the project's own Node when it has one, since the machine's may be older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
if (!existsSync(tsx)) {
  process.stderr.write('sluice is not set up yet; run `npm run setup` once\n');
  process.exit(1);
}

const ownNode = join(root, 'node_modules', '.bin', 'node');
const [node, ...loader] = existsSync(ownNode)
  ? [ownNode, '--experimental-transform-types', '--disable-warning=ExperimentalWarning']
  : [process.execPath, '--import', pathToFileURL(tsx).href];
// What is compiled once is kept: a command that has run before starts in half the time.
const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sluice'), ...process.env };
const command = [...loader, join(root, 'bin', 'sluice.ts'), ...process.argv.slice(2)];
const child = spawn(node, command, { stdio: 'inherit', env });

// A terminal sends Ctrl-C to both; this process waits for the other, which has to clean up.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
