// How long the CDK app takes to synthesise, and its largest stack: npm run bench:synth -- [--json] [--contracts n] [--runs n]
// First the shipped domains; then a copy of the project with so many made-up contracts, ten tables a layer and domain.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath, projectRoot } from '../lib/constructs/project.ts';
import { ProjectCopy } from '../test/e2e/project-copy.ts';
import { generateContracts } from './generate-contracts.ts';
import { print, repeat, timed } from './measure.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    contracts: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
  },
});

/** @returns seconds */
function synth(project: string): number {
  const context = ['--context', 'env=prod', '--app', `${process.execPath} --import tsx ${project}/bin/app.ts`];
  const output = ['--output', path.join(project, 'cdk.out')];
  return timed(projectPath('node_modules/.bin/cdk'), ['synth', '--quiet', ...context, ...output]).seconds;
}

/** A project like this one, but for its domains. */
function projectOf(contracts: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-synth-'));
  new ProjectCopy(folder);
  rmSync(path.join(folder, 'domains'), { recursive: true });
  for (const { file, text } of generateContracts(contracts, 20)) {
    const [, domain = '', , layer, table = ''] = file.split('/');
    write(path.join(folder, file), text);
    if (layer === 'gold')
      write(path.join(folder, 'domains', domain, 'models', table.replace('odcs.yaml', 'sql')), 'select 1\n');
  }
  return folder;
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Resources of the largest template; CloudFormation takes 500. */
function largestStack(project: string): number {
  const out = path.join(project, 'cdk.out');
  const templates = readdirSync(out).filter((name) => name.endsWith('.template.json'));
  const sizes = templates.map(
    (name) => Object.keys(JSON.parse(readFileSync(path.join(out, name), 'utf8')).Resources).length,
  );
  return Math.max(...sizes);
}

const runs = Number(values.runs);
synth(projectRoot); // the first one may build the wheels for ARM64
print(
  'cdk synth -c env=prod',
  repeat(runs, () => synth(projectRoot)),
  's',
  15,
);
const contracts = Number(values.contracts);
const made = projectOf(contracts);
try {
  synth(made);
  const seconds = repeat(runs, () => synth(made));
  print(`${contracts} contracts`, seconds, 's', 30);
  const median = seconds.toSorted((a, b) => a - b)[Math.floor((runs - 1) / 2)] ?? Number.NaN;
  const figures = { contracts, seconds: Number(median.toFixed(1)), largestStack: largestStack(made) };
  process.stdout.write(`largest stack: ${figures.largestStack} resources (promised 450 or less)\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, load: loadavg()[0] })}\n`);
} finally {
  rmSync(made, { recursive: true });
}
