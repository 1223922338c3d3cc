import { messageOf } from './errors.ts';
import { seconds } from './format.ts';

/** Where progress goes; `process.stderr` in use, so that standard output holds results only. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells what a step is doing right now. */
export type Tell = (detail: string) => void;

const FRAMES = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'];
/** In a log every detail is a line that stays, so they are rationed. */
const LOG_INTERVAL_MS = 5000;

/** Steps with their timings: one live line on a terminal, plain lines in a log. Steps may overlap. */
export class Progress {
  private readonly running = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private frame = 0;
  private isMuted = false;

  constructor(private readonly terminal: Terminal = process.stderr) {}

  /** Runs one step and prints how it ended, how long it took and the last detail it told. */
  async step<T>(title: string, work: (tell: Tell) => Promise<T>): Promise<T> {
    const started = performance.now();
    let loggedAt = started;
    let last = '';
    this.start(title);
    try {
      return await work((detail) => {
        if (detail === last) return;
        last = detail;
        this.running.set(title, detail);
        if (this.terminal.isTTY || performance.now() - loggedAt < LOG_INTERVAL_MS) return;
        loggedAt = performance.now();
        this.line(`  ${title}: ${detail}`);
      });
    } catch (error) {
      last = messageOf(error).split('\n')[0] ?? '';
      this.end(title, `✗ ${title}`, started, last);
      throw error;
    } finally {
      if (this.running.has(title)) this.end(title, `✓ ${title}`, started, last);
    }
  }

  /** From here on nothing is worth telling. */
  mute(): void {
    this.clear();
    clearInterval(this.timer);
    this.isMuted = true;
  }

  /** Prints a line that stays. */
  line(text: string): void {
    if (this.isMuted) return;
    this.clear();
    this.terminal.write(`${text}\n`);
  }

  private start(title: string): void {
    this.running.set(title, '');
    if (!this.terminal.isTTY) this.line(`… ${title}`);
    else this.timer ??= setInterval(() => this.draw(), 100).unref();
  }

  private end(title: string, mark: string, started: number, detail: string): void {
    this.running.delete(title);
    if (this.running.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    this.line(`${mark}  ${seconds(performance.now() - started)}${detail && `  ${detail}`}`);
  }

  private draw(): void {
    this.frame = (this.frame + 1) % FRAMES.length;
    const steps = [...this.running].map(([title, detail]) => (detail ? `${title}: ${detail}` : title));
    const text = `${FRAMES[this.frame]} ${steps.join(' · ')}`;
    this.terminal.write(`\r\x1b[2K${text.slice(0, (this.terminal.columns ?? 80) - 1)}`);
  }

  private clear(): void {
    if (this.terminal.isTTY) this.terminal.write('\r\x1b[2K');
  }
}
