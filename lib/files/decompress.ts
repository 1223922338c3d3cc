import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type Bytes, UnreadableFileError } from './file-rows.ts';
import type { Compression } from './sniff-file.ts';

/** From here on a file that grows more than so many times is a bomb. Text that compresses well comes to 20 or 50. */
const FREE_BYTES = 10 * 1024 * 1024;
const MAX_RATIO = 200;
/** Nobody can tell what is in a bigger one before it has cost a lot. */
export const MAX_DECOMPRESSED_BYTES = 8 * 1024 ** 3;

/** The content of a file. Throws `UnreadableFileError` for what is broken, breaks off, or grows beyond measure. */
export async function* decompress(bytes: Bytes, compression: Compression): Bytes {
  if (compression === 'none') {
    yield* bytes;
    return;
  }
  const feed = new Feed(bytes);
  let given = 0;
  try {
    // A file may be several compressed ones, end to end. gzip reads on by itself; zstd stops after the first.
    while (await feed.hasMore()) {
      const unzip = compression === 'gzip' ? createGunzip() : createZstdDecompress();
      // An error reaches whoever reads; the callback has nothing to add.
      const content: Bytes = pipeline(Readable.from(feed.chunks(), { objectMode: false }), unzip, () => {});
      for await (const chunk of content) {
        given += chunk.length;
        refuseBomb(feed.taken, given);
        yield chunk;
      }
      feed.putBackAfter(unzip.bytesWritten);
    }
  } catch (error) {
    if (!isBroken(error)) throw error;
    throw new UnreadableFileError(`the ${compression} data is broken or breaks off`, { cause: error });
  } finally {
    await feed.close();
  }
}

/** The bytes of a file, of which some can be put back: a decompressor tells only at its end how many it used. */
class Feed {
  taken = 0;
  private readonly iterator: AsyncIterator<Uint8Array>;
  private next: Uint8Array[] = [];
  /** What the current decompressor was given and may not have used. */
  private given: Uint8Array[] = [];
  private givenBytes = 0;

  constructor(bytes: Bytes) {
    this.iterator = bytes[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    const chunk = await this.take();
    if (chunk) this.next.unshift(chunk);
    return chunk !== undefined;
  }

  /** Pulls by hand: `for await` would close the file as soon as the decompressor ends. */
  async *chunks(): Bytes {
    for (let chunk = await this.take(); chunk; chunk = await this.take()) {
      this.given.push(chunk);
      this.givenBytes += chunk.length;
      if (this.given.length > KEPT_CHUNKS) this.given.shift();
      yield chunk;
    }
  }

  putBackAfter(used: number): void {
    let unused = this.givenBytes - used;
    for (let chunk = this.given.pop(); chunk && unused > 0; chunk = this.given.pop()) {
      this.next.unshift(chunk.subarray(Math.max(0, chunk.length - unused)));
      unused -= chunk.length;
    }
    if (unused > 0)
      throw new UnreadableFileError('the compressed parts of the file cannot be told apart; upload it as one');
    this.given = [];
    this.givenBytes = 0;
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private async take(): Promise<Uint8Array | undefined> {
    const back = this.next.shift();
    if (back) return back;
    const { done, value } = await this.iterator.next();
    if (done) return undefined;
    this.taken += value.length;
    return value;
  }
}

/** More than any stream reads ahead. */
const KEPT_CHUNKS = 16;

function refuseBomb(taken: number, given: number): void {
  if (given > FREE_BYTES && given > taken * MAX_RATIO)
    throw new UnreadableFileError(`the file grows more than ${MAX_RATIO} times when it is decompressed`);
  if (given > MAX_DECOMPRESSED_BYTES)
    throw new UnreadableFileError(`the file grows beyond ${MAX_DECOMPRESSED_BYTES} bytes; split it`);
}

/** Of the data, and not of the way it came. */
const isBroken = (error: unknown): boolean => /^(Z_|ZSTD_|ERR_ZSTD)/.test(String((error as { code?: unknown }).code));
