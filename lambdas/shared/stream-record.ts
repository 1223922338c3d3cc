import type { KinesisStreamRecord } from 'aws-lambda';
import type { StreamRecord } from '../../lib/landing/landing.ts';

/** A record as Lambda delivers it, and as it writes it to the on-failure folder. */
export const toStreamRecord = ({
  eventID,
  kinesis,
}: Pick<KinesisStreamRecord, 'eventID' | 'kinesis'>): StreamRecord => ({
  shard: eventID.slice(0, eventID.indexOf(':')),
  sequence: kinesis.sequenceNumber,
  data: kinesis.data,
  arrivedAt: BigInt(Math.round(kinesis.approximateArrivalTimestamp * 1000)) * 1000n,
});
