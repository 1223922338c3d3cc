import type { ModelTask, TableResult } from '../plan/plan.ts';
import type { PublishedTable } from './publication.ts';

/** What a slot holds once the tables of a plan are built, by their ids. */
export function builtTables(task: ModelTask, results: readonly TableResult[]): Record<string, PublishedTable> {
  const models = new Map(task.tables.map(({ id, model }) => [id, model]));
  const built = results.map(({ table, deltaVersion: version, rowCount: rows, contractVersion }) => {
    const model = models.get(table);
    return [table, { version, rows, contractVersion, ...(model && { model }) }] as const;
  });
  return Object.fromEntries(built);
}
