// How long a lint of many contracts takes: npm run bench:lint -- [--json] [--contracts n] [--runs n]
// A project of bronze, silver and gold tables with 20 columns each, whose keys refer to each other; the whole command is timed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath } from '../lib/constructs/project.ts';
import { generateContracts } from './generate-contracts.ts';
import { figuresOf, repeat, timed } from './measure.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    contracts: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '5' },
  },
});

const contracts = Number(values.contracts);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-lint-'));
for (const { file, text } of generateContracts(contracts, 20)) {
  mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

const command = [projectPath('bin/sluice.mjs'), 'contract', 'lint', folder];
const seconds = figuresOf(repeat(Number(values.runs), () => timed(process.execPath, command).seconds));
rmSync(folder, { recursive: true });

const figures = { contracts, medianSeconds: Number(seconds.median.toFixed(2)), load: loadavg()[0] };
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(14)} ${value}\n`);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
