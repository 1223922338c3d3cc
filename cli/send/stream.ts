import { setTimeout as sleep } from 'node:timers/promises';
import { type KinesisClient, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { OperationError } from '../shared/errors.ts';
import { batchRecords, type PackedRecord, type ShardOf, shardBy } from './pack-records.ts';

const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 5000;

/** One Kinesis stream to send to. */
export class Stream {
  constructor(
    private readonly client: KinesisClient,
    private readonly name: string,
    private readonly firstPauseMs = 100,
  ) {}

  /** How the stream's open shards divide the keys. */
  async shardOf(): Promise<ShardOf> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: this.name }));
    const open = Shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber);
    return shardBy(
      open.map(({ ShardId = '', HashKeyRange }) => ({
        shard: ShardId,
        from: BigInt(HashKeyRange?.StartingHashKey ?? 0),
        to: BigInt(HashKeyRange?.EndingHashKey ?? 0),
      })),
    );
  }

  /** Puts records in order; what the stream throttles is tried again, again in order. */
  async put(records: readonly PackedRecord[]): Promise<void> {
    for (const batch of batchRecords(records)) await this.putBatch(batch);
  }

  private async putBatch(batch: readonly PackedRecord[]): Promise<void> {
    let waiting = batch;
    let reason = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const results = await this.request(waiting);
      reason = results.find(({ ErrorCode }) => ErrorCode)?.ErrorMessage ?? '';
      waiting = waiting.filter((_, index) => results[index]?.ErrorCode);
      if (waiting.length === 0) return;
      await sleep(Math.min(LONGEST_PAUSE_MS, this.firstPauseMs * 2 ** attempt));
    }
    throw new OperationError(
      `stream '${this.name}' refused ${waiting.length} records ${ATTEMPTS} times: ${reason}; send slower with --rate`,
    );
  }

  private async request(records: readonly PackedRecord[]) {
    const Records = records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
    const { Records: results = [] } = await this.client.send(new PutRecordsCommand({ StreamName: this.name, Records }));
    return results;
  }
}
