/** What goes wrong once in an invocation, and at which of its side effects (from 0). */
export interface Fault {
  readonly at: number;
  readonly kind: FaultKind;
}

export const FAULT_KINDS = ['Refused', 'Down', 'AnswerLost', 'CrashBefore', 'CrashAfter', 'Frozen'] as const;
/**
 * Refused: an error, nothing happened (throttled). Down: the same, from then on. AnswerLost: it happened, and an error came back.
 * CrashBefore, CrashAfter: the process is gone. Frozen: the process stands still until it is thawed, long after
 * whoever called it gave up.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The only error that the simulated services raise: any other is a bug of the code under test. */
export class Outage extends Error {
  override readonly name = 'Outage';
}

export type Ended<T> =
  | { readonly type: 'Returned'; readonly value: T }
  | { readonly type: 'Threw'; readonly error: unknown }
  | { readonly type: 'Died' };

/** One run of a function. All that it does to the world goes through `effect`, where it may go wrong. */
export class Invocation {
  private readonly fault: Fault | null;
  private stopped: () => void = () => undefined;
  private effects = 0;
  private state: 'Running' | 'Dead' | 'Frozen' = 'Running';
  private held: (() => void)[] = [];
  private settled: Promise<Ended<unknown>> = Promise.resolve({ type: 'Died' });
  /** Whether the fault was met: an invocation may have fewer effects than that. */
  isFaulty = false;

  constructor(fault: Fault | null) {
    this.fault = fault;
  }

  async run<T>(body: (invocation: Invocation) => Promise<T>): Promise<Ended<T>> {
    const stopped = this.untilStopped();
    const settled = body(this).then(
      (value): Ended<T> => ({ type: 'Returned', value }),
      (error): Ended<T> => ({ type: 'Threw', error }),
    );
    this.settled = settled;
    return Promise.race([settled, stopped]);
  }

  get isFrozen(): boolean {
    return this.state === 'Frozen';
  }

  /** The process goes on where it stood. Nobody waits for its answer any more. */
  async thaw(): Promise<Ended<unknown>> {
    this.state = 'Running';
    const stopped = this.untilStopped();
    for (const go of this.held.splice(0)) go();
    return Promise.race([this.settled, stopped]);
  }

  /** The process is killed by what it works on. */
  die(): Promise<never> {
    this.state = 'Dead';
    this.stopped();
    return new Promise(() => undefined);
  }

  /** Does something to the world, now or never. */
  effect<T>(act: () => T): Promise<T> {
    if (this.state === 'Dead') return new Promise(() => undefined);
    if (this.state === 'Frozen') return this.hold(act);
    const kind = this.faultOf(this.effects++);
    if (kind === null) return new Promise((resolve) => resolve(act()));
    this.isFaulty = true;
    return this.goWrong(kind, act);
  }

  private untilStopped(): Promise<{ type: 'Died' }> {
    return new Promise((resolve) => {
      this.stopped = () => resolve({ type: 'Died' });
    });
  }

  private faultOf(effect: number): FaultKind | null {
    if (!this.fault) return null;
    const isHit = this.fault.kind === 'Down' ? effect >= this.fault.at : effect === this.fault.at;
    return isHit ? this.fault.kind : null;
  }

  private goWrong<T>(kind: FaultKind, act: () => T): Promise<T> {
    if (kind === 'Refused' || kind === 'Down') return Promise.reject(new Outage('refused'));
    if (kind === 'AnswerLost' || kind === 'CrashAfter') act();
    if (kind === 'AnswerLost') return Promise.reject(new Outage('answer lost'));
    this.state = kind === 'Frozen' ? 'Frozen' : 'Dead';
    this.stopped();
    return kind === 'Frozen' ? this.hold(act) : new Promise(() => undefined);
  }

  private hold<T>(act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.held.push(() => {
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}
