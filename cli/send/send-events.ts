import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sent } from '../../lambdas/shared/ledger.ts';
import { count, plural } from '../shared/format.ts';
import type { Platform } from '../shared/platform.ts';
import type { Tell } from '../shared/progress.ts';
import { openSink } from './open-sink.ts';
import type { Outgoing } from './pack-records.ts';

const EVENTS_AT_ONCE = 2000;
/** With a rate, a little is sent several times a second. */
const TICK_MS = 250;

export interface Sending {
  readonly source: string;
  /** Type of the events; its contract says where they go. */
  readonly event: string;
  readonly events: AsyncIterable<Outgoing>;
  /** Events a second; as fast as the stream takes them when undefined. */
  readonly rate?: number | undefined;
}

/** Sends events to where their contract wants them, and notes in the ledger how many: `wait` looks for just as many. */
export async function sendEvents(
  platform: Platform,
  domain: string,
  { source, event, events, rate }: Sending,
  tell: Tell,
): Promise<Sent> {
  const sink = await openSink(platform, domain, event);
  let sent: Sent = { id: randomUUID(), source, events: 0, records: 0, sentAt: new Date().toISOString() };
  for await (const group of inGroups(events, groupSize(rate))) {
    const due = performance.now() + pauseFor(group.length, rate);
    const records = sink.pack(group);
    await sink.put(records);
    const landed = records.reduce((sum, record) => sum + record.events, 0);
    sent = { ...sent, events: sent.events + landed, records: sent.records + records.length };
    await platform.ledger.recordSent(domain, sent);
    tell(`${plural(sent.events, 'event')} in ${count(sent.records)} records`);
    await sleep(Math.max(0, due - performance.now()));
  }
  return sent;
}

const groupSize = (rate: number | undefined): number =>
  rate ? Math.max(1, Math.round((rate * TICK_MS) / 1000)) : EVENTS_AT_ONCE;

const pauseFor = (events: number, rate: number | undefined): number => (rate ? (events / rate) * 1000 : 0);

/** A stream of items as arrays of at most `size`. */
async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
