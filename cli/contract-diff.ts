import { Command } from 'commander';
import { worstOf } from '../lib/compatibility/change.ts';
import { compareContracts, describedTable } from '../lib/compatibility/compare-contracts.ts';
import { describeChanges, verdictText } from './contract/describe-changes.ts';
import { findVersion } from './contract/find-version.ts';
import { jsonOption } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';

function diff(a: string, b: string, { json }: { readonly json?: true }): void {
  const [was, is] = [findVersion(PROJECT, a), findVersion(PROJECT, b)];
  const changes = compareContracts(was, is);
  const verdicts = worstOf(changes);
  if (json) printJson({ was: was.odcs.version, is: is.odcs.version, verdicts, changes });
  else {
    console.log(`${describedTable(is)} ${was.odcs.version} → ${is.odcs.version}: ${verdictText(verdicts)}`);
    console.log(describeChanges(changes));
  }
}

export const contractDiffCommand = (): Command =>
  new Command('diff')
    .description('say what changed between two versions of a contract, and whom it breaks')
    .argument('<was>', 'a file or a table such as commerce.gold.gold_fact_sales, with @main for how it is there')
    .argument('<is>', 'the same')
    .addOption(jsonOption())
    .action(diff);
