import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';

/**
 * Whether a domain's stream is read in the order of its shards. Several readers of one shard overtake each other, which
 * a contract that promises exactly-once must not allow: it rests on a shard's position.
 */
export function readsInOrder({ name, stream }: Environment, contracts: readonly Contract[]): boolean {
  if (stream.parallelisation === 1) return true;
  for (const { file, ingest } of contracts)
    if (ingest?.from === 'stream' && ingest.delivery !== 'at-least-once')
      throw new Error(
        `${file}: ingest.delivery: found exactly-once, but environment '${name}' reads each shard of the stream with ` +
          `parallelisation ${stream.parallelisation}; allowed: 1; set stream.parallelisation to 1 in ` +
          'lib/environments.ts, or ingest.delivery to at-least-once in the contract',
      );
  return false;
}
