import type { GoldHold, GoldRelease } from './publication.ts';

/** Why no gold is built, for whoever waits for it. */
export const describeHold = ({ by, reason, since }: GoldHold): string =>
  `gold is held since ${since} by ${by}: ${reason}`;

/** Who ended a hold, for whoever wonders why gold is built again. */
export const describeRelease = ({ by, at, held }: GoldRelease): string =>
  `gold was released at ${at} by ${by}; it had been held since ${held.since} by ${held.by}: ${held.reason}`;
