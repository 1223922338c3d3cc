import type { Contract } from '../contract.ts';
import type { ContractFile } from '../contract-file.ts';
import type { OdcsContract } from '../odcs-contract.ts';
import { InvalidFilesError, type Report } from '../problem.ts';

/** What an exporter reads: the file as it was written, as the standard has it, and as Sluice runs it. */
export interface ExportSource {
  /** The plain values of the YAML, with those of variables filled in. */
  readonly written: unknown;
  readonly odcs: OdcsContract;
  readonly contract: Contract;
}

/** @throws InvalidFilesError with all that keeps the contract from being exported */
export function exportSource({ value, problems, odcs, contract }: ContractFile): ExportSource {
  if (!odcs || !contract) throw new InvalidFilesError(problems);
  return { written: value, odcs, contract };
}

/** Makes a file of another format; what has no equal there is reported, so that nothing is lost unseen. */
export type Exporter = (source: ExportSource, report: Report) => string;
