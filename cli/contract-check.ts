import { Command } from 'commander';
import { checkContracts } from '../lib/compatibility/check-contracts.ts';
import { describeReport } from './contract/describe-changes.ts';
import { GitTree } from './contract/git-tree.ts';
import { readProposal } from './contract/read-proposal.ts';
import { reportMarkdown } from './contract/report-markdown.ts';
import { OperationError } from './shared/errors.ts';
import { jsonOption, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';
import { today } from './shared/today.ts';

interface Options {
  readonly base: string;
  readonly window: number;
  readonly json?: true;
  readonly markdown?: true;
}

function check({ base, window: windowDays, json, markdown }: Options): void {
  const report = checkContracts(
    readProposal(PROJECT, GitTree.whereItLeft(PROJECT, base), { today: today(), windowDays }),
  );
  if (json) printJson(report);
  else if (markdown) process.stdout.write(reportMarkdown(report));
  else console.log(describeReport(report));
  if (!report.passed) throw new OperationError(`contracts may not change so yet; docs/compatibility.md tells why`);
}

export const contractCheckCommand = (): Command =>
  new Command('check')
    .description('judge all contracts that changed since a branch was left, and say what each break still lacks')
    .requiredOption('--base <ref>', 'the branch, tag or commit that the change is for, such as origin/main')
    .option('--window <days>', 'how long both versions are served after a break', wholeNumber(1), 14)
    .addOption(jsonOption())
    .option('--markdown', 'print Markdown, for a comment on a pull request')
    .action(check);
