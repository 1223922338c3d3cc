import { LAYERS } from '../contract.ts';
import type { Draft } from '../draft/draft.ts';
import type { Report } from '../problem.ts';

/** A table as another format tells of it; where it is to stand may not be said there. */
export type Imported = Omit<Draft, 'domain' | 'layer'> & Partial<Pick<Draft, 'domain' | 'layer'>>;

/**
 * Reads a file of another format: one table or more. What has no equal in ODCS is reported, and kept in the draft.
 * Throws an `UnreadableImportError` for what is no such file.
 */
export type Importer = (text: string, report: Report) => readonly Imported[] | Promise<readonly Imported[]>;

/** The file is not of the format that it was said to be of. */
export class UnreadableImportError extends Error {
  override readonly name = 'UnreadableImportError';
}

/** Sluice's own names of databases, `<domain>_<layer>`, tell where a table stands. */
export function placeOf(database: string): Pick<Imported, 'domain' | 'layer'> {
  const layer = LAYERS.find((each) => database.endsWith(`_${each}`));
  return layer ? { domain: database.slice(0, -layer.length - 1), layer } : {};
}
