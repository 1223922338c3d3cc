import { z } from 'zod';
import type { Size } from '../../lib/plan/estimate-plan.ts';

/** What one version of a table's log tells of itself. */
export interface DeltaCommit {
  /** How much a reader of this version's changes reads. */
  readonly size: Size;
  /** Milliseconds since 1970, by the clock of the writer; null when it did not say. */
  readonly committedAt: number | null;
}

const file = z.object({ size: z.number(), dataChange: z.boolean().optional(), stats: z.string().nullish() });
const metrics = z.object({
  numTargetRowsInserted: z.coerce.number(),
  numTargetRowsUpdated: z.coerce.number(),
  numTargetRowsDeleted: z.coerce.number(),
});
const action = z.object({
  add: file.optional(),
  cdc: file.optional(),
  commitInfo: z.object({ timestamp: z.number().optional(), operationMetrics: z.unknown().optional() }).optional(),
});
const statistics = z.object({ numRecords: z.number() });

/** Reads `_delta_log/<version>.json`: one action a line. What compaction writes anew is no change. */
export function readCommit(text: string): DeltaCommit {
  const actions = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => action.parse(JSON.parse(line)));
  const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo;
  const added = actions.flatMap(({ add }) => (add && add.dataChange !== false ? [add] : []));
  // Where there are files of changes, readers of changes take those, which have no statistics.
  const changes = actions.flatMap(({ cdc }) => cdc ?? []);
  const files = changes.length > 0 ? changes : added;
  const rows = changes.length > 0 ? rowsMerged(info?.operationMetrics) : rowsIn(added);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { size: { rows, files: files.length, bytes }, committedAt: info?.timestamp ?? null };
}

function rowsMerged(operationMetrics: unknown): number | null {
  const found = metrics.safeParse(operationMetrics).data;
  return found ? found.numTargetRowsInserted + found.numTargetRowsUpdated + found.numTargetRowsDeleted : null;
}

const rowsIn = (files: readonly z.infer<typeof file>[]): number | null =>
  files.reduce<number | null>((sum, { stats }) => {
    const found = stats ? statistics.safeParse(JSON.parse(stats)).data : undefined;
    return sum === null || !found ? null : sum + found.numRecords;
  }, 0);
