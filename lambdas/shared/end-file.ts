import type { EndState, FileItem, FileLedger } from './file-ports.ts';

/** Ends a file when all its parts are landed; says what the part came to. */
export async function endFile(
  ledger: Pick<FileLedger, 'end'>,
  shard: string,
  { parts, partsDone, landed, reason }: FileItem,
  at: string,
): Promise<Extract<EndState, 'landed' | 'refused'>> {
  const state = reason !== undefined && landed === 0 ? 'refused' : 'landed';
  if (partsDone.length >= parts) await ledger.end(shard, state, at, reason);
  return state;
}

/** The hour of an arrival in microseconds since 1970, as it names an account. */
export const hourOf = (arrivedAt: bigint): string => new Date(Number(arrivedAt / 1000n)).toISOString().slice(0, 13);
