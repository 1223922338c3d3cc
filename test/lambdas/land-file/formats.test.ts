import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import avro from 'avsc';
import type { Contract } from '../../../lib/contract/contract.ts';
import type { FileForm } from '../../../lib/source/source-mapping.ts';
import { contracts } from '../../lib/landing/orders.ts';
import { countLine, csv, FileDesk, numberOf, QUARANTINE, STOCK, STOCK_FOLDER } from './file-desk.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The warehouse's contract, with files that are written in another way. */
function writtenAs(form: Partial<FileForm>): Contract {
  const contract = contracts.find(({ table }) => table === 'stock_counts');
  const source = contract?.ingest?.source;
  if (!contract?.ingest || !source?.files) throw new Error('the warehouse has files');
  const files = { ...source.files, ...form, header: undefined };
  return { ...contract, ingest: { ...contract.ingest, source: { ...source, files } } };
}

const COUNTS = ['P1', 'P2', 'P3'].map((product_id, n) => ({
  product_id,
  warehouse: 'Süd',
  counted_at: '2026-01-31T18:30:00Z',
  units_on_hand: n,
  unit_cost: '1.2500',
}));
const JSON_LINES = COUNTS.map((count) => `${JSON.stringify(count)}\n`).join('');

const PYARROW = `
import json, sys
import pyarrow as pa, pyarrow.parquet as pq
from datetime import datetime
from decimal import Decimal
rows = json.loads(sys.argv[1])
for row in rows:
    row["counted_at"] = datetime.fromisoformat(row["counted_at"].replace("Z", "+00:00"))
    row["unit_cost"] = Decimal(row["unit_cost"])
schema = pa.schema([("product_id", pa.string()), ("warehouse", pa.string()), ("counted_at", pa.timestamp("us", "UTC")),
                    ("units_on_hand", pa.int32()), ("unit_cost", pa.decimal128(18, 4))])
pq.write_table(pa.Table.from_pylist(rows, schema), sys.argv[2], compression="snappy")
`;

function parquet(): Buffer {
  const file = path.join(folder, 'counts.parquet');
  execFileSync('.venv/bin/python', ['-c', PYARROW, JSON.stringify(COUNTS), file]);
  return readFileSync(file);
}

async function avroFile(): Promise<Buffer> {
  const field = (name: string, type: unknown) => ({ name, type });
  const fields = [
    field('product_id', 'string'),
    field('warehouse', 'string'),
    field('counted_at', { type: 'long', logicalType: 'timestamp-millis' }),
    field('units_on_hand', 'int'),
    field('unit_cost', 'string'),
  ];
  const encoder = new avro.streams.BlockEncoder({ type: 'record', name: 'Count', fields } as never);
  const chunks: Buffer[] = [];
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const count of COUNTS) encoder.write({ ...count, counted_at: Date.parse(count.counted_at) });
  encoder.end();
  await once(encoder, 'end');
  return Buffer.concat(chunks);
}

test.each<[string, Partial<FileForm>, string, () => Buffer | Promise<Buffer>]>([
  ['JSON lines', { format: 'jsonl', encoding: 'utf-8' }, 'a.jsonl', () => Buffer.from(JSON_LINES)],
  ['JSON lines in gzip', { format: 'jsonl', encoding: 'utf-8' }, 'a.jsonl.gz', () => gzipSync(JSON_LINES)],
  ['JSON lines in UTF-16', { format: 'jsonl', encoding: 'utf-16le' }, 'a', () => Buffer.from(JSON_LINES, 'utf16le')],
  ['Parquet', { format: 'parquet', encoding: 'utf-8' }, 'a.parquet', parquet],
  ['Parquet in zstd', { format: 'parquet', encoding: 'utf-8' }, 'a.parquet.zst', () => zstdCompressSync(parquet())],
  ['Avro', { format: 'avro', encoding: 'utf-8' }, 'a.avro', avroFile],
  ['Avro in gzip', { format: 'avro', encoding: 'utf-8' }, 'a.avro.gz', async () => gzipSync(await avroFile())],
])(
  '%s lands by the names of its members',
  async (_, form, name, content) => {
    const desk = new FileDesk({ more: [writtenAs(form)] });
    const file = desk.files.put(`${STOCK_FOLDER}${name}`, await content());
    expect(await desk.land(file)).toBe('landed');
    expect(await desk.rows(QUARANTINE)).toEqual([]);
    expect(await desk.rows(STOCK)).toEqual(
      COUNTS.map(({ product_id, units_on_hand, warehouse }) =>
        expect.objectContaining({
          product_id,
          warehouse,
          units_on_hand,
          unit_cost: 1.25,
          counted_at: new Date('2026-01-31T18:30:00Z'),
        }),
      ),
    );
    expect(desk.produced()).toEqual({ [STOCK]: 3 });
  },
  30_000,
);

test.each<[FileForm['format'], () => Buffer | Promise<Buffer>]>([
  ['parquet', parquet],
  ['avro', avroFile],
])(
  '%s lands by its blocks at sizes at which text is loaded by Spark, and is parked when it is compressed',
  async (format, content) => {
    const desk = new FileDesk({ more: [writtenAs({ format, encoding: 'utf-8' })], largeBytes: 100 });
    const bytes = await content();
    expect(await desk.land(desk.files.put(`${STOCK_FOLDER}a.${format}`, bytes))).toBe('landed');
    expect(await desk.rows(STOCK)).toHaveLength(COUNTS.length);
    const zipped = desk.files.put(`${STOCK_FOLDER}a.${format}.gz`, gzipSync(bytes));
    expect(await desk.land(zipped)).toBe('parked');
    expect(desk.item(zipped).reason).toMatch(/cannot be loaded/);
  },
);

test('CSV in UTF-16 is read as what it is, and its lines are counted as in any other', async () => {
  const desk = new FileDesk({ more: [writtenAs({ encoding: 'utf-16le' })] });
  const text = csv(countLine('P1', 1, 'Ōsaka ☂'), 'ragged', countLine('P3'));
  const file = desk.files.put(`${STOCK_FOLDER}a.csv.gz`, gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le')));
  expect(await desk.land(file)).toBe('landed');
  expect((await desk.rows(STOCK)).map((row) => [row.product_id, row.note, numberOf(row)])).toEqual([
    ['P1', 'Ōsaka ☂', 2],
    ['P3', null, 4],
  ]);
  expect((await desk.rows(QUARANTINE)).map(numberOf)).toEqual([3]);
});

test('a line of JSON that is none is held by its number, and the others land', async () => {
  const desk = new FileDesk({ more: [writtenAs({ format: 'jsonl', encoding: 'utf-8' })] });
  const [first, ...others] = JSON_LINES.trimEnd().split('\n');
  await desk.land(desk.files.put(`${STOCK_FOLDER}a.jsonl`, [first, '{"product_id":', '[1]', ...others].join('\n')));
  expect((await desk.rows(STOCK)).map(numberOf)).toEqual([1, 4, 5]);
  expect((await desk.rows(QUARANTINE)).map((row) => [numberOf(row), row.table])).toEqual([
    [2, STOCK],
    [3, STOCK],
  ]);
  expect(desk.produced()).toEqual({ [STOCK]: 5 });
});
