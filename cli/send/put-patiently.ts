import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../shared/errors.ts';
import type { PackedRecord } from './pack-records.ts';

const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 5000;

/** What became of a record, in the order of the request. */
export interface PutResult {
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** Puts the records of one request; what is throttled is tried again, again in order. */
export async function putPatiently(
  target: string,
  records: readonly PackedRecord[],
  request: (records: readonly PackedRecord[]) => Promise<readonly PutResult[]>,
  firstPauseMs: number,
): Promise<void> {
  let waiting = records;
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const results = await request(waiting);
    reason = results.find(({ ErrorCode }) => ErrorCode)?.ErrorMessage ?? '';
    waiting = waiting.filter((_, index) => results[index]?.ErrorCode);
    if (waiting.length === 0) return;
    await sleep(Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** attempt));
  }
  throw new OperationError(
    `${target} refused ${waiting.length} records ${ATTEMPTS} times: ${reason}; send slower with --rate`,
  );
}
