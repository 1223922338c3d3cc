import type { Restored } from '../../lambdas/steer-backfill/restore-silver.ts';
import type { Restore } from '../../lib/plan/decide-restore.ts';
import { count } from '../shared/format.ts';

/** What a table of silver is taken back to, and what is read again on top of it. */
export function describeRestore({ type, table, version, runId, endedAt, rows, consumed, upTo }: Restore | Restored) {
  const read = Object.entries(consumed).map(([id, from]) => {
    const to = upTo[id] ?? from;
    return to > from ? `versions ${from + 1} to ${to} of ${id}` : `nothing of ${id}, which holds no more`;
  });
  const [is, next] = type === 'Restore' ? ['would be', 'would read'] : ['is', 'reads'];
  return [
    `${table} ${is} as run ${runId} left it at ${endedAt}: version ${version}, ${count(rows)} rows`,
    `the next run ${next} again ${read.join(' and ')}, and gold follows where rows differ`,
    ...(type === 'Restore' ? ['nothing was changed'] : []),
  ].join('\n');
}
