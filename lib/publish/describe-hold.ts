import type { GoldHold } from './publication.ts';

/** Why no gold is built, for whoever waits for it. */
export const describeHold = ({ by, reason, since }: GoldHold): string =>
  `gold is held since ${since} by ${by}: ${reason}`;
