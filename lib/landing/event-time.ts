import type { Finding } from './row.ts';

const MICROS_PER_DAY = 86_400_000_000;
/** 1900-01-01 UTC. */
const EARLIEST = -2_208_988_800_000_000;
/** Clocks differ, and a zone may be forgotten: both by less. */
const MAX_AHEAD = MICROS_PER_DAY;

/** Whether an event can have happened then, in microseconds since 1970: rows are ordered by it, and a wrong one wins for ever. */
export const isPlausibleTime = (time: number, arrivedAt: number): boolean =>
  time >= EARLIEST && time <= arrivedAt + MAX_AHEAD;

export const implausibleTime = (time: number, arrivedAt: number): Finding => ({
  rule: 'g0.time',
  reason: `CloudEvent attribute 'time': found ${time < EARLIEST ? 'a time before 1900' : `a time ${Math.floor((time - arrivedAt) / MICROS_PER_DAY)} days after its arrival`}; allowed is from 1900 to one day after the event's arrival`,
});
