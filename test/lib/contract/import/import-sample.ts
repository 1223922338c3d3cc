import { parse } from 'yaml';
import type { Contract } from '../../../../lib/contract/contract.ts';
import { writeDraft } from '../../../../lib/contract/draft/write-draft.ts';
import { IMPORTERS, type ImportFormat } from '../../../../lib/contract/import/importers.ts';
import { formatPath, type Report } from '../../../../lib/contract/problem.ts';
import { readSource } from '../export/read-sample.ts';

interface Result {
  /** As lint takes it. Throws what lint refuses. */
  readonly contract: Contract;
  /** The file as the standard has it. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly odcs: any;
  readonly text: string;
  /** What has no equal. */
  readonly losses: readonly string[];
}

/** The first table of a file as a contract; where the file does not say it, on silver of `shop`. */
export async function imported(format: ImportFormat, text: string): Promise<Result> {
  const losses: string[] = [];
  const report: Report = (path, what) => losses.push([formatPath(path), what].filter(Boolean).join(': '));
  const [first] = await IMPORTERS[format](text, report);
  const draft = { domain: 'shop', layer: 'silver' as const, ...first! };
  const { text: file } = writeDraft(draft, report);
  return {
    get contract() {
      return readSource(file, draft.domain, draft.layer, draft.table).contract;
    },
    ...{ odcs: parse(file), text: file, losses },
  };
}
