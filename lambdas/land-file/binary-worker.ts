import { parentPort, workerData } from 'node:worker_threads';
import { planBinary, readBinary } from '../../lib/files/binary-file.ts';
import { type RandomAccess, UnreadableFileError } from '../../lib/files/file-rows.ts';
import type { FromWorker, ToWorker, WorkerTask } from '../shared/worker-messages.ts';

/** Reads one file whose format a broken one can make run wild; whoever started it survives that, and reads on. */
const task = workerData as WorkerTask;
const waiting = new Map<number, (bytes: Uint8Array) => void>();
let goOn = (): void => {};
let requests = 0;

const tell = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'Bytes') {
    waiting.get(message.id)?.(message.bytes);
    waiting.delete(message.id);
  } else goOn();
});

/** The file is where the credentials are: with whoever started this. */
const file: RandomAccess = {
  size: task.size,
  read: (from, to) =>
    new Promise((resolve) => {
      requests += 1;
      waiting.set(requests, resolve);
      tell({ type: 'Read', id: requests, from, to });
    }),
};

async function run(): Promise<void> {
  if (task.type === 'Plan') tell({ type: 'Parts', parts: await planBinary(task.format, file, task.partBytes) });
  else
    for await (const block of readBinary(task.format, file, task.part)) {
      const next = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      tell({ type: 'Block', block });
      await next;
    }
  tell({ type: 'Done' });
}

try {
  await run();
} catch (error) {
  // Whatever else it is, the file made it happen: the readers fail in as many ways as a file can be broken.
  const reason = error instanceof UnreadableFileError ? error.message : `the file is no sound ${task.format} file`;
  tell({ type: 'Unreadable', reason });
}
parentPort?.close();
