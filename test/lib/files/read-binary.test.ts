import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import avro from 'avsc';
import { WorkerFiles } from '../../../lambdas/shared/worker-files.ts';
import { type BinaryFormat, planBinary, readBinary } from '../../../lib/files/binary-file.ts';
import { type Found, type Part, type RandomAccess, START, UnreadableFileError } from '../../../lib/files/file-rows.ts';

const WHOLE: Part = { from: START, to: Number.MAX_SAFE_INTEGER };
const folder = mkdtempSync(path.join(tmpdir(), 'binary-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (bytes: Buffer): RandomAccess => ({
  size: bytes.length,
  read: async (from, to) => bytes.subarray(from, to),
});

async function rowsOf(format: BinaryFormat, bytes: Buffer, part = WHOLE): Promise<Found[]> {
  const rows: Found[] = [];
  for await (const block of readBinary(format, fileOf(bytes), part)) rows.push(...block.rows);
  return rows;
}

const asRows = (data: readonly object[]): Found[] =>
  data.map((each, index) => ({ type: 'Row', number: index + 1, data: each as Record<string, unknown> }));

/** A file that pyarrow writes, and its rows as pyarrow sees them. */
function parquet(codec: string, count = 350): { bytes: Buffer; rows: object[] } {
  const file = path.join(folder, `${codec}.parquet`);
  const script = path.join(import.meta.dirname, 'write_parquet.py');
  const printed = execFileSync('.venv/bin/python', [script, file, codec, String(count)], { maxBuffer: 2 ** 26 });
  return { bytes: readFileSync(file), rows: JSON.parse(printed.toString()) };
}

test.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])(
  'Parquet with %s gives what pyarrow wrote',
  async (codec) => {
    const { bytes, rows } = parquet(codec);
    expect(await rowsOf('parquet', bytes)).toEqual(asRows(rows));
  },
  30_000,
);

const SCHEMA = {
  type: 'record',
  name: 'Count',
  namespace: 'toys',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'units', type: ['null', 'int'] },
    { name: 'big', type: 'long' },
    { name: 'ratio', type: 'double' },
    { name: 'is_new', type: 'boolean' },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'more', type: { type: 'map', values: 'long' } },
    { name: 'cost', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'next', type: ['null', 'Count'] },
  ],
};

/** What avsc is given, which knows no logical types by itself. */
const avroRow = (number: number, next: object | null = null): Record<string, unknown> => ({
  id: `P${number} ü`,
  units: number % 3 ? number : null,
  big: number * 1_000_000_000_000,
  ratio: number / 8,
  is_new: number % 2 === 0,
  kind: number % 2 ? 'A' : 'B',
  tags: Array.from({ length: number % 4 }, (_, index) => `t${index}`),
  more: { a: number },
  cost: Buffer.from([0xff, 0x38]), // -200
  at: 1_767_225_600_123,
  day: -1,
  next,
});

const expectedRow = (number: number, next: object | null = null): Record<string, unknown> => ({
  ...avroRow(number),
  cost: '-2.00',
  at: '2026-01-01T00:00:00.123000000Z',
  day: '1969-12-31',
  next,
});

function avroFile(rows: readonly object[], codec: string, schema: object = SCHEMA): Promise<Buffer> {
  const codecs = {
    ...avro.streams.BlockEncoder.defaultCodecs(),
    zstandard: (bytes: Buffer, done: (error: null, out: Buffer) => void) => done(null, zstdCompressSync(bytes)),
  };
  // The schema as it is, and no type: a type forgets what its logical types are.
  const options = { codec, codecs, blockSize: 4000 };
  const encoder = new avro.streams.BlockEncoder(schema as never, options as never);
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
    encoder.on('end', () => resolve(Buffer.concat(chunks)));
    encoder.on('error', reject);
    for (const row of rows) encoder.write(row);
    encoder.end();
  });
}

const numbers = Array.from({ length: 500 }, (_, index) => index);

test.each(['null', 'deflate', 'zstandard'])('Avro with codec %s gives what avsc wrote', async (codec) => {
  const bytes = await avroFile(
    numbers.map((number) => avroRow(number, number === 3 ? avroRow(4) : null)),
    codec,
  );
  const expected = numbers.map((number) => expectedRow(number, number === 3 ? expectedRow(4) : null));
  expect(await rowsOf('avro', bytes)).toEqual(asRows(expected));
});

test.each<[BinaryFormat, () => Promise<Buffer>]>([
  ['parquet', async () => parquet('snappy').bytes],
  [
    'avro',
    () =>
      avroFile(
        numbers.map((number) => avroRow(number)),
        'deflate',
      ),
  ],
])(
  '%s is cut into parts that give the same rows at the same places',
  async (format, write) => {
    const bytes = await write();
    const parts = await planBinary(format, fileOf(bytes), 2000);
    expect(parts.length).toBeGreaterThan(2);
    const rows = await Promise.all(parts.map((part) => rowsOf(format, bytes, part)));
    expect(rows.flat()).toEqual(await rowsOf(format, bytes));
  },
  30_000,
);

test('a text that is no UTF-8 holds its row only', async () => {
  const schema = { type: 'record', name: 'R', fields: [{ name: 'id', type: 'string' }] };
  const bytes = await avroFile([{ id: 'aaaa' }, { id: 'bbbb' }, { id: 'cccc' }], 'null', schema);
  bytes[bytes.indexOf('bbbb')] = 0xff;
  expect((await rowsOf('avro', bytes)).map(({ type }) => type)).toEqual(['Row', 'BadRow', 'Row']);
});

test('a list of nothing cannot ask for more items than a row may have', async () => {
  const schema = { type: 'record', name: 'R', fields: [{ name: 'a', type: { type: 'array', items: 'null' } }] };
  const bytes = await avroFile([{ a: Array(200_000).fill(null) }], 'null', schema);
  expect(await rowsOf('avro', bytes)).toEqual([
    { type: 'BadRow', number: 1, reason: expect.stringMatching(/more than 100000 items/) },
  ]);
});

describe('in its thread', () => {
  const worker = new WorkerFiles(new URL('../../../lambdas/land-file/binary-worker.ts', import.meta.url), 20_000);

  async function numberOfRows(format: BinaryFormat, bytes: Buffer): Promise<number> {
    let count = 0;
    for await (const { rows } of worker.read(format, fileOf(bytes), WHOLE)) count += rows.length;
    return count;
  }

  test('a sound file is read as it is read here', async () => {
    expect(await numberOfRows('parquet', parquet('zstd').bytes)).toBe(350);
    expect(await worker.plan('parquet', fileOf(parquet('zstd').bytes), 1)).toHaveLength(4);
  }, 60_000);

  test('a broken file ends as unreadable, or in rows, and never in another way', async () => {
    const sound = {
      parquet: parquet('snappy').bytes,
      avro: await avroFile(
        numbers.map((number) => avroRow(number)),
        'null',
      ),
    };
    let unreadable = 0;
    for (let round = 0; round < 16; round += 1) {
      const format = round % 2 ? 'parquet' : 'avro';
      const bytes = Buffer.from(sound[format]);
      for (let flip = 0; flip < 8; flip += 1) {
        const at = (round * 7919 + flip * 104_729) % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ 0xa5;
      }
      const outcome = await numberOfRows(format, bytes).catch((error: unknown) => error);
      if (outcome instanceof UnreadableFileError) unreadable += 1;
      else expect(typeof outcome).toBe('number');
    }
    expect(unreadable).toBeGreaterThan(4);
  }, 120_000);

  test('a file that breaks off is unreadable', async () => {
    const { bytes } = parquet('none');
    await expect(numberOfRows('parquet', bytes.subarray(0, bytes.length - 20))).rejects.toThrow(/breaks off/);
  }, 30_000);

  test('a reader that never ends is ended, and so is one that dies', async () => {
    const patience = 1500;
    const stuck = new WorkerFiles(new URL('data:text/javascript,setInterval(()=>{},1000)'), patience);
    const dying = new WorkerFiles(new URL('data:text/javascript,process.exit(1)'), patience);
    const greedy = new WorkerFiles(
      new URL('data:text/javascript,const a=[];for(;;)a.push({x:Math.random(),y:[1,2,3]})'),
      60_000,
    );
    const plan = (files: WorkerFiles) => files.plan('avro', fileOf(Buffer.alloc(1)), 1);
    await expect(plan(stuck)).rejects.toThrow(/takes more than 1500 ms/);
    await expect(plan(dying)).rejects.toThrow(UnreadableFileError);
    await expect(plan(greedy)).rejects.toThrow(UnreadableFileError);
  }, 90_000);
});
