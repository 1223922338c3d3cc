import { lintProperty } from './lint-property.ts';
import { lintTableRule } from './lint-rule.ts';
import { qualityRule } from './odcs-quality.ts';
import { property } from './odcs-table.ts';
import { at, type Report } from './problem.ts';

/**
 * Lints of a file that is not whole: a column or rule that can be read by itself is judged, so that no wrong key
 * elsewhere hides what is wrong with it.
 */
export function lintReadable(value: unknown, report: Report): void {
  const [table] = listAt(value, 'schema');
  listAt(table, 'properties').forEach((raw, index) => {
    const read = property.safeParse(raw);
    if (read.success) lintProperty(read.data, at(report, 'schema', 0, 'properties', index));
  });
  listAt(table, 'quality').forEach((raw, index) => {
    const read = qualityRule.safeParse(raw);
    if (read.success) lintTableRule(read.data, at(report, 'schema', 0, 'quality', index));
  });
}

function listAt(parent: unknown, key: string): readonly unknown[] {
  const value = typeof parent === 'object' && parent !== null ? (parent as Record<string, unknown>)[key] : undefined;
  return Array.isArray(value) ? value : [];
}
