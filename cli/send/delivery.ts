import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { batchRecords, type Outgoing, type PackedRecord, packRecords } from './pack-records.ts';
import { putPatiently } from './put-patiently.ts';
import type { Sink } from './sink.ts';

/** What one record and one request of Firehose may hold. */
const RECORD_LIMIT_BYTES = 1000 * 1024;
const REQUEST_BYTES = 4 * 1024 * 1024;

/** A delivery stream, which gathers events into files. */
export class Delivery implements Sink {
  constructor(
    private readonly client: FirehoseClient,
    private readonly name: string,
    private readonly firstPauseMs = 100,
  ) {}

  /** One event a line. Many lines share a record, since each record is billed as 5 KB at least. */
  pack(events: readonly Outgoing[]): PackedRecord[] {
    const join = (texts: readonly string[]): string => texts.join('\n');
    return packRecords(events, () => '', { join, limitBytes: RECORD_LIMIT_BYTES });
  }

  async put(records: readonly PackedRecord[]): Promise<void> {
    for (const batch of batchRecords(records, REQUEST_BYTES))
      await putPatiently(`delivery stream '${this.name}'`, batch, (some) => this.request(some), this.firstPauseMs);
  }

  private async request(records: readonly PackedRecord[]) {
    const Records = records.map(({ data }) => ({ Data: data }));
    const command = new PutRecordBatchCommand({ DeliveryStreamName: this.name, Records });
    const { RequestResponses = [] } = await this.client.send(command);
    return RequestResponses;
  }
}
