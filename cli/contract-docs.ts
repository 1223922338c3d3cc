import { Command } from 'commander';
import { tableId } from '../lib/contract/contract.ts';
import { contractMarkdown, indexMarkdown } from '../lib/contract/contract-markdown.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { writePages } from './contract/pages-folder.ts';
import { plural } from './shared/format.ts';
import { envOption, type Target } from './shared/options.ts';
import { inProject, PROJECT } from './shared/project.ts';

interface Options extends Pick<Target, 'env'> {
  readonly out: string;
}

function docs({ env, out }: Options): void {
  const contracts = loadContracts(PROJECT, env);
  const pages = contracts.map((contract) => [`${tableId(contract)}.md`, contractMarkdown(contract)]);
  const gone = writePages(out, { ...Object.fromEntries(pages), 'README.md': indexMarkdown(contracts) });
  const removed = gone.length > 0 ? `; removed ${gone.join(', ')}` : '';
  console.log(`${plural(contracts.length, 'page')} and README.md in ${out}${removed}`);
}

export const contractDocsCommand = (): Command =>
  new Command('docs')
    .description('write a page in Markdown for each contract, and an index')
    .option('--out <folder>', 'where to write', inProject('build', 'contract-docs'))
    .addOption(envOption())
    .action(docs);
