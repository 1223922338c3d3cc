import { readString, readTimestamp } from './read-scalar.ts';
import type { Finding } from './row.ts';
import { isObject, kindOf } from './shape-row.ts';

/** A CloudEvent 1.0 whose data is not yet judged. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Microseconds since 1970, UTC. */
  readonly time: bigint;
  /** Who numbers its events; the source where the producer does not name itself. */
  readonly producer: string;
  /** The producer's own running number, which shows gaps; null when it gives none. */
  readonly producerSeq: bigint | null;
  readonly data: unknown;
}

export type Enveloped =
  | { readonly type: 'Envelope'; readonly envelope: Envelope }
  | { readonly type: 'NoEnvelope'; readonly findings: readonly Finding[] };

/** Reads the envelope. `time` is optional in CloudEvents but not here: rows are ordered by it. */
export function readEnvelope(event: unknown): Enveloped {
  if (!isObject(event)) return refuse([fault('event', event, 'a CloudEvent as a JSON object')]);
  const id = textOf(event.id);
  const source = textOf(event.source);
  const type = textOf(event.type);
  const time = readTimestamp(event.time);
  const producer = event.producerid === undefined ? source : textOf(event.producerid);
  const producerSeq = sequenceOf(event.producerseq);
  if (
    event.specversion === '1.0' &&
    id &&
    source &&
    type &&
    time !== undefined &&
    producer &&
    producerSeq !== undefined
  )
    return { type: 'Envelope', envelope: { id, source, type, time, producer, producerSeq, data: event.data } };
  return refuse([
    ...(event.specversion === '1.0' ? [] : [fault('specversion', event.specversion, '"1.0"')]),
    ...(id ? [] : [fault('id', event.id, 'a string that is not empty')]),
    ...(source ? [] : [fault('source', event.source, 'a string that is not empty')]),
    ...(type ? [] : [fault('type', event.type, '"<domain>.<table>.v<major>"')]),
    ...(producer || !source ? [] : [fault('producerid', event.producerid, 'a string that is not empty')]),
    ...(producerSeq === undefined
      ? [fault('producerseq', event.producerseq, 'a whole number from 0 up to 2^53 - 1')]
      : []),
    ...(time === undefined ? [fault('time', event.time, 'a timestamp with its zone as "2011-01-04T10:00:00Z"')] : []),
  ]);
}

/** Null when none is given; undefined when it is no number that counts. */
const sequenceOf = (found: unknown): bigint | null | undefined => {
  if (found === undefined || found === null) return null;
  return Number.isSafeInteger(found) && Number(found) >= 0 ? BigInt(found as number) : undefined;
};

/** A string that says something, or nothing. */
export const textOf = (found: unknown): string | undefined => readString(found) || undefined;

const refuse = (findings: readonly Finding[]): Enveloped => ({ type: 'NoEnvelope', findings });

const fault = (attribute: string, found: unknown, allowed: string): Finding => ({
  rule: 'g0.envelope',
  reason: `CloudEvent attribute '${attribute}': found ${kindOf(found)}; allowed is ${allowed}`,
});
