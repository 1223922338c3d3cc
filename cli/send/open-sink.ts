import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { Platform } from '../shared/platform.ts';
import { Delivery } from './delivery.ts';
import { packRecords } from './pack-records.ts';
import type { Sink } from './sink.ts';
import { Stream } from './stream.ts';

/** Where the contract of an event type wants its events: in files that gather, or in the stream of the domain. */
export async function openSink(platform: Platform, domain: string, eventType: string): Promise<Sink> {
  const { contracts, settings } = platform;
  const gathered = contracts.find(({ ingest }) => ingest?.event === eventType && ingest.from === 'firehose');
  if (gathered) return new Delivery(new FirehoseClient({}), settings.get(`${domain}/delivery/${gathered.table}`));
  const stream = new Stream(new KinesisClient({}), settings.get(`${domain}/stream`));
  const shardOf = await stream.shardOf();
  return { pack: (events) => packRecords(events, shardOf), put: (records) => stream.put(records) };
}
