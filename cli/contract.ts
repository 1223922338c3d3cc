import { Command } from 'commander';
import { contractCheckCommand } from './contract-check.ts';
import { contractDiffCommand } from './contract-diff.ts';
import { contractExportCommand } from './contract-export.ts';

export const contractCommand = (): Command =>
  new Command('contract')
    .description('work on data contracts')
    .addCommand(contractDiffCommand())
    .addCommand(contractCheckCommand())
    .addCommand(contractExportCommand());
