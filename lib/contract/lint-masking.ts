import { type Column, type Contract, LAYERS, type Masking, tableId } from './contract.ts';
import type { Report, YamlPath } from './problem.ts';

/** Methods of masking, the weakest first. A plain hash can be guessed back; a token cannot without its key. */
export const STRENGTH: readonly Masking['method'][] = [
  'none',
  'noise',
  'generalise',
  'hash',
  'tokenise',
  'encrypt',
  'redact',
];

/** What was masked must stay declared so: a reader of this contract judges the column by it. */
export function lintMaskingKept(column: Column, source: Column, input: Contract, path: YamlPath, report: Report): void {
  if (!source.masking) return;
  const isKept =
    column.masking &&
    STRENGTH.indexOf(column.masking.method) >= STRENGTH.indexOf(source.masking.method) &&
    LAYERS.indexOf(column.masking.from) <= LAYERS.indexOf(source.masking.from);
  if (isKept) return;
  const found = column.masking ? `found ${column.masking.method} from ${column.masking.from}` : 'missing';
  const allowed = `${source.masking.method} from ${source.masking.from}, as in ${tableId(input)}, or stronger`;
  report([...path, 'customProperties'], `masking: ${found}, allowed: ${allowed}`);
}
