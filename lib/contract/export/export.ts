import type { Contract } from '../contract.ts';
import type { OdcsContract } from '../odcs-contract.ts';
import type { Report } from '../problem.ts';

/** What an exporter reads: the file as it was written, as the standard has it, and as Sluice runs it. */
export interface ExportSource {
  /** The plain values of the YAML. */
  readonly written: unknown;
  readonly odcs: OdcsContract;
  readonly contract: Contract;
}

/** Makes a file of another format; what has no equal there is reported, so that nothing is lost unseen. */
export type Exporter = (source: ExportSource, report: Report) => string;
