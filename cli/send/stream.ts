import { type KinesisClient, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { batchRecords, type PackedRecord, type ShardOf, shardBy } from './pack-records.ts';
import { putPatiently } from './put-patiently.ts';

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
    for (const batch of batchRecords(records))
      await putPatiently(`stream '${this.name}'`, batch, (some) => this.request(some), this.firstPauseMs);
  }

  private async request(records: readonly PackedRecord[]) {
    const Records = records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
    const { Records: results = [] } = await this.client.send(new PutRecordsCommand({ StreamName: this.name, Records }));
    return results;
  }
}
