import { Command } from 'commander';
import { contractCheckCommand } from './contract-check.ts';
import { contractDiffCommand } from './contract-diff.ts';
import { contractDocsCommand } from './contract-docs.ts';
import { contractExportCommand } from './contract-export.ts';
import { contractImportCommand } from './contract-import.ts';
import { contractLintCommand } from './contract-lint.ts';
import { contractNewCommand } from './contract-new.ts';
import { contractShowCommand } from './contract-show.ts';

export const contractCommand = (): Command =>
  new Command('contract')
    .description('work on data contracts')
    .addCommand(contractNewCommand())
    .addCommand(contractLintCommand())
    .addCommand(contractShowCommand())
    .addCommand(contractDocsCommand())
    .addCommand(contractDiffCommand())
    .addCommand(contractCheckCommand())
    .addCommand(contractExportCommand())
    .addCommand(contractImportCommand());
