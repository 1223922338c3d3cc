/** A message, and how it has fared. */
export interface Message<T> {
  readonly id: number;
  readonly group: string;
  readonly body: T;
  readonly sentAt: number;
  receives: number;
  visibleAt: number;
}

/** As AWS sets it: a duplicate that comes later is a message of its own. */
const DEDUPLICATION_SECONDS = 300;

/** An SQS FIFO queue: order and one delivery at a time by group, five minutes of deduplication, a dead-letter queue. */
export class FifoQueue<T> {
  readonly waiting: Message<T>[] = [];
  readonly dead: Message<T>[] = [];
  private readonly sent = new Map<string, number>();
  private lastId = 0;

  constructor(
    private readonly visibilitySeconds: number,
    private readonly maxReceives: number,
  ) {}

  /** Accepts a message; the same one within five minutes is answered as if it were accepted. */
  send(group: string, body: T, deduplicationId: string, now: number): void {
    const key = `${group}/${deduplicationId}`;
    const before = this.sent.get(key);
    if (before !== undefined && now < before + DEDUPLICATION_SECONDS) return;
    this.sent.set(key, now);
    this.enqueue(group, body, now);
  }

  /** Up to `count` messages. A group with a message in flight gives none, whatever waits behind. */
  receive(count: number, now: number): Message<T>[] {
    this.buryExhausted(now);
    const blocked = new Set(this.waiting.filter(({ visibleAt }) => visibleAt > now).map(({ group }) => group));
    const taken = this.waiting.filter(({ group }) => !blocked.has(group)).slice(0, count);
    for (const message of taken) {
      message.receives++;
      message.visibleAt = now + this.visibilitySeconds;
    }
    return taken;
  }

  delete(message: Message<T>): void {
    const at = this.waiting.indexOf(message);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  /** Takes all dead letters back, at the end of their groups. */
  redrive(now: number): void {
    for (const { group, body } of this.dead.splice(0)) this.enqueue(group, body, now);
  }

  /** Loses what has waited longest, as after the days that a queue keeps messages. */
  expire(): Message<T> | undefined {
    return this.dead.shift() ?? this.waiting.shift();
  }

  /** When the next message can be received; undefined when none waits. */
  nextVisible(): number | undefined {
    return this.waiting.length === 0 ? undefined : Math.min(...this.waiting.map(({ visibleAt }) => visibleAt));
  }

  private buryExhausted(now: number): void {
    for (const message of [...this.waiting]) {
      if (message.visibleAt > now || message.receives < this.maxReceives) continue;
      this.delete(message);
      this.dead.push(message);
    }
  }

  private enqueue(group: string, body: T, now: number): void {
    this.waiting.push({ id: ++this.lastId, group, body, sentAt: now, receives: 0, visibleAt: 0 });
  }
}
