import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UnreadableFileError } from '../../lib/files/file-rows.ts';
import type { Spool, SpooledFile } from './file-ports.ts';

/** What a function's own disk holds, less some room. */
const MAX_BYTES = 480 * 1024 * 1024;

/** Copies in the folder for temporary files. */
export class TempSpool implements Spool {
  async copy(content: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
    const file = path.join(tmpdir(), `spool-${randomUUID()}`);
    const handle = await open(file, 'wx+');
    const remove = async (): Promise<void> => {
      await handle.close();
      await rm(file, { force: true });
    };
    try {
      const size = await writeAll(handle, content);
      return { size, remove, read: (from, to) => readAt(handle, from, to) };
    } catch (error) {
      await remove();
      throw error;
    }
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function writeAll(handle: Handle, content: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MAX_BYTES)
      throw new UnreadableFileError(
        `the file has more than ${MAX_BYTES} bytes when it is decompressed; upload it as it is`,
      );
    await handle.write(chunk);
  }
  return size;
}

async function readAt(handle: Handle, from: number, to: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(Math.max(0, to - from)),
    0,
    Math.max(0, to - from),
    from,
  );
  return buffer.subarray(0, bytesRead);
}
