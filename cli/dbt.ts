import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { wholeModel } from '../lib/plan/plan-model.ts';
import { sparkJars } from '../local/local-cloud.ts';
import { readPlanInput } from './plan/read-plan-input.ts';
import { domainNamed } from './shared/named.ts';
import { domainOption, homeOption } from './shared/options.ts';
import { Platform } from './shared/platform.ts';
import { inProject } from './shared/project.ts';

interface Options {
  readonly home: string;
  readonly domain?: string;
}

/** What dbt's documentation says of a table. */
const describe = ({ description, columns }: Contract) => ({
  description,
  columns: columns.map(({ name, description: meaning }) => ({ name, ...(meaning && { description: meaning }) })),
});

/** Leaves in the folder what a run would plan, had it to build all of gold in the folder, and what it is made of. */
async function prepare(platform: Platform, domain: string, folder: string): Promise<void> {
  const input = await readPlanInput(platform, domain, new S3Client({ forcePathStyle: true }));
  const model = wholeModel(input, { database: `${domain}_gold_dev`, locationRoot: path.join(folder, 'tables') });
  const { createdAt } = input;
  const results = { refine: '', model: '' };
  const plan = { version: 1, runId: 'dbt', domain, createdAt, refine: [], model: { slot: 'dev', ...model }, results };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(plan));
  const described = input.contracts.map((contract) => [tableId(contract), describe(contract)]);
  writeFileSync(path.join(folder, 'described.json'), JSON.stringify(Object.fromEntries(described)));
}

async function dbt(args: readonly string[], { home, domain: named }: Options): Promise<void> {
  const platform = await Platform.open({ env: 'local', home });
  const domain = domainNamed(named, platform.domains);
  const folder = path.join(home, 'dbt', domain);
  await prepare(platform, domain, folder);
  const child = spawn(inProject('.venv', 'bin', 'python'), [inProject('local', 'run_dbt.py'), folder, ...args], {
    env: { ...process.env, SLUICE_SPARK_JARS: sparkJars() },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  process.exitCode = code ?? 1;
}

export const dbtCommand = (): Command =>
  new Command('dbt')
    .description("run dbt on a domain's models, over silver of the local cloud, into tables that only you see")
    .argument('<args...>', 'what dbt is told, after `--`: build --select gold_fact_sales+, docs generate, ls, test')
    .addOption(domainOption())
    .addOption(homeOption())
    .action(dbt);
