import type { ContractFile } from '../contract/contract-file.ts';
import { readContractFile } from '../contract/contract-file.ts';
import { InvalidFilesError } from '../contract/problem.ts';
import type { Variables } from '../contract/variables.ts';
import type { Described } from './compare-contracts.ts';

/**
 * A contract by itself, wherever its file lies: whether it keeps the rules between files, and of its place, does not
 * count. @throws InvalidFilesError with all that keeps it from being read
 */
export function readOdcs(file: string, text: string, variables?: Variables): Described {
  const read = readContractFile(file, { domain: '', layer: '', table: '' }, text, variables);
  const described = describedOf(read);
  if (!described) throw new InvalidFilesError(read.problems);
  return described;
}

/** Undefined when the file cannot be read; its problems tell why. */
export function describedOf({ odcs }: ContractFile): Described | undefined {
  const [table] = odcs?.schema ?? [];
  const pipeline = table?.customProperties.pipeline;
  return odcs && table && pipeline ? { odcs, table, pipeline } : undefined;
}
