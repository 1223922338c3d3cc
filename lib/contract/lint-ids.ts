import { at, type Report } from './problem.ts';

/**
 * Ids are unique in their list, as the standard asks: a reference by an id that two have leads to either. Rules are
 * left out, whose ids are unique in the whole file.
 */
export function lintIds(value: unknown, report: Report): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) lintList(value, report);
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'quality' && !isForeign(key, value))
      lintIds(child, at(report, Array.isArray(value) ? Number(key) : key));
  }
}

function lintList(list: readonly unknown[], report: Report): void {
  const seen = new Set<unknown>();
  list.forEach((item, index) => {
    const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : undefined;
    if (id !== undefined && seen.has(id))
      report([index, 'id'], `found '${id}' a second time, allowed: once in its list`);
    seen.add(id);
  });
}

/** What a custom property holds is its vendor's business. */
const isForeign = (key: string, parent: object): boolean => key === 'value' && 'property' in parent;
