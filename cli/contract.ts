import { Command } from 'commander';
import { contractExportCommand } from './contract-export.ts';

export const contractCommand = (): Command =>
  new Command('contract').description('work on data contracts').addCommand(contractExportCommand());
