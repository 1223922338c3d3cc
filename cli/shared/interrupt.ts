const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Cleans up before Ctrl-C ends the process. What fails in the meantime fails because of it, and is not reported. */
export class Interrupt {
  private isComing = false;

  constructor(cleanUp: () => Promise<unknown>) {
    for (const [signal, code] of Object.entries(CODES)) {
      process.once(signal, () => {
        this.isComing = true;
        process.stderr.write('\nstopping …\n');
        void Promise.allSettled([cleanUp()]).then(() => process.exit(code));
      });
    }
  }

  /** Returns at once, or never when the process is about to end. */
  async letPass(): Promise<void> {
    if (this.isComing) await new Promise<never>(() => {});
  }
}
