import type { ContractFile } from './contract-file.ts';
import { endOfLife, overdueText } from './end-of-life.ts';
import type { Problem } from './problem.ts';

/** Contracts that are there after their last day: nothing is wrong with the file, only with the day. */
export function lintOverdue(files: readonly ContractFile[], today: string): Problem[] {
  return files.flatMap(({ odcs, source }) => {
    const text = odcs && overdueText(odcs, today);
    if (!text) return [];
    return [source.problem(['slaProperties', endOfLife(odcs)?.index ?? 0, 'value'], text)];
  });
}
