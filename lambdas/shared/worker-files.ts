import { Worker } from 'node:worker_threads';
import type { BinaryFormat } from '../../lib/files/binary-file.ts';
import { type Part, type RandomAccess, type RowBlock, UnreadableFileError } from '../../lib/files/file-rows.ts';
import type { BinaryFiles } from './file-ports.ts';
import type { FromWorker, ToWorker, WorkerTask } from './worker-messages.ts';

/** For a block of rows: what takes longer never ends. */
const PATIENCE_MS = 120_000;
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** Reads files in a worker thread each: one that runs out of memory, or never ends, is the file's fault and its end. */
export class WorkerFiles implements BinaryFiles {
  private readonly script: URL;
  private readonly patienceMs: number;

  constructor(script: URL, patienceMs = PATIENCE_MS) {
    this.script = script;
    this.patienceMs = patienceMs;
  }

  async plan(format: BinaryFormat, file: RandomAccess, partBytes: number): Promise<readonly Part[]> {
    for await (const message of this.run({ type: 'Plan', format, size: file.size, partBytes }, file))
      if (message.type === 'Parts') return message.parts;
    return [];
  }

  async *read(format: BinaryFormat, file: RandomAccess, part: Part): AsyncIterable<RowBlock> {
    for await (const message of this.run({ type: 'Rows', format, size: file.size, part }, file))
      if (message.type === 'Block') yield message.block;
  }

  private async *run(task: WorkerTask, file: RandomAccess): AsyncIterable<FromWorker> {
    const worker = new Worker(this.script, { workerData: task, resourceLimits: MEMORY, execArgv: [] });
    const messages = new Mailbox(worker, this.patienceMs);
    const answer = (message: ToWorker): void => worker.postMessage(message);
    try {
      for (;;) {
        const message = await messages.next();
        if (message.type === 'Done') return;
        if (message.type === 'Unreadable') throw new UnreadableFileError(message.reason);
        if (message.type === 'Read')
          answer({ type: 'Bytes', id: message.id, bytes: await file.read(message.from, message.to) });
        else yield message;
        if (message.type === 'Block') answer({ type: 'Next' });
      }
    } finally {
      // Not waited for: a thread that is busy dying may take its time.
      void worker.terminate();
    }
  }
}

/** A worker's messages in order, and its end as an error. */
class Mailbox {
  private readonly messages: FromWorker[] = [];
  private failure: UnreadableFileError | undefined;
  private wake = (): void => {};
  private readonly patienceMs: number;

  constructor(worker: Worker, patienceMs: number) {
    this.patienceMs = patienceMs;
    worker.on('message', (message: FromWorker) => this.put(message));
    worker.on('error', (cause) =>
      this.fail('reading the file takes more memory than there is, or breaks its reader', cause),
    );
    worker.on('exit', () => this.fail('the reader of the file ended before the file did'));
  }

  async next(): Promise<FromWorker> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      const message = this.messages.shift();
      if (message) return message;
      if (this.failure) throw this.failure;
      if (Date.now() >= deadline)
        throw new UnreadableFileError(`reading on in the file takes more than ${this.patienceMs} ms`);
      await this.sleep(deadline - Date.now());
    }
  }

  private put(message: FromWorker): void {
    this.messages.push(message);
    this.wake();
  }

  private fail(reason: string, cause?: unknown): void {
    this.failure ??= new UnreadableFileError(reason, { cause });
    this.wake();
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
