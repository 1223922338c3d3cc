/** A place where what could not be delivered or handled waits for a person. */
export interface DeadLetters {
  readonly name: string;
  /** Looks without taking anything away. Tells no payload. */
  look(): Promise<Found>;
  /** Sends what waits on its way again. What comes twice is recognised where it arrives. */
  redrive(terms?: Terms): Promise<Redriven>;
}

/** Of who redrives without being asked. */
export interface Terms {
  /** Messages, at most. */
  readonly most: number;
  /** Whether a message may be sent, by a hash of what it says. */
  mayTake(hash: string): Promise<boolean>;
}

export interface Found {
  readonly waiting: number;
  /** Of those that were looked at, ISO 8601; null when nothing waits. */
  readonly oldest: string | null;
  /** Why they wait, as far as that is known without opening them. */
  readonly reasons: readonly string[];
}

export interface Redriven {
  readonly redriven: number;
  /** Those that nothing takes, and why. */
  readonly left: readonly string[];
}
