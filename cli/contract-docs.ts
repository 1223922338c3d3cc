import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { tableId } from '../lib/contract/contract.ts';
import { contractMarkdown, indexMarkdown } from '../lib/contract/contract-markdown.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { plural } from './shared/format.ts';
import { envOption, type Target } from './shared/options.ts';
import { inProject, PROJECT } from './shared/project.ts';

interface Options extends Pick<Target, 'env'> {
  readonly out: string;
}

function docs({ env, out }: Options): void {
  const contracts = loadContracts(PROJECT, env);
  mkdirSync(out, { recursive: true });
  for (const contract of contracts) {
    writeFileSync(path.join(out, `${tableId(contract)}.md`), contractMarkdown(contract));
  }
  writeFileSync(path.join(out, 'README.md'), indexMarkdown(contracts));
  console.log(`${plural(contracts.length, 'page')} and README.md in ${out}`);
}

export const contractDocsCommand = (): Command =>
  new Command('docs')
    .description('write a page in Markdown for each contract, and an index')
    .option('--out <folder>', 'where to write', inProject('build', 'contract-docs'))
    .addOption(envOption())
    .action(docs);
