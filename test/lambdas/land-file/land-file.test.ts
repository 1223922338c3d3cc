import { gzipSync, zstdCompressSync } from 'node:zlib';
import { shardOf } from '../../../lambdas/shared/file-shard.ts';
import { MemoryLoadLedger } from '../fakes/memory-files.ts';
import { countLine, csv, FileDesk, HEADER, numberOf, QUARANTINE, type Row, STOCK, STOCK_FOLDER } from './file-desk.ts';

const KEY = `${STOCK_FOLDER}2026-01-31.csv`;
const products = (rows: readonly Row[]) => rows.map(({ product_id }) => product_id);
const THREE = csv(countLine('P1'), countLine('P2'), countLine('P3'));

test('a file lands row by row, each at its line, with the file as its source', async () => {
  const desk = new FileDesk();
  const file = desk.files.put(KEY, THREE);
  expect(await desk.land(file)).toBe('landed');
  const rows = await desk.rows(STOCK);
  expect(rows.map((row) => [row.product_id, numberOf(row)])).toEqual([
    ['P1', 2],
    ['P2', 3],
    ['P3', 4],
  ]);
  expect(rows[0]).toMatchObject({
    warehouse: 'North',
    units_on_hand: 7,
    units_reserved: 2,
    note: null,
    _source: `s3://landing/${KEY}`,
    _producer: '/commerce/warehouse',
    _shard: expect.stringMatching(/^file-[0-9a-f]{32}$/),
    _event_id: expect.stringMatching(/^P1-[0-9a-f]{12}$/),
  });
  expect(desk.item(file)).toMatchObject({ state: 'landed', parts: 1, rows: 3, landed: 3, refused: 0 });
  expect((await desk.ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 3 });
});

test.each([
  ['gzip', `${KEY}.gz`, gzipSync(THREE)],
  [
    'several gzip files in one',
    `${KEY}.gz`,
    Buffer.concat([gzipSync(`${HEADER}\n`), gzipSync(THREE.slice(HEADER.length + 1))]),
  ],
  ['zstd', `${KEY}.zst`, zstdCompressSync(THREE)],
  [
    'several zstd files in one',
    `${KEY}.zst`,
    Buffer.concat([zstdCompressSync(`${HEADER}\n`), zstdCompressSync(THREE.slice(HEADER.length + 1))]),
  ],
  ['a name that says nothing', `${STOCK_FOLDER}export-17`, gzipSync(THREE)],
  ['a byte order mark and CRLF', KEY, `\ufeff${THREE.replaceAll('\n', '\r\n')}`],
  ['empty lines and no end of the last', KEY, `${THREE.replaceAll('\n', '\n\n')}`.trimEnd()],
  [
    'columns in another order',
    KEY,
    csv(...['P1', 'P2', 'P3'].map((id) => countLine(id)))
      .split('\n')
      .map((line) => line.split(';').reverse().join(';'))
      .join('\n'),
  ],
])('%s is read the same', async (_, key, content) => {
  const desk = new FileDesk();
  expect(await desk.land(desk.files.put(key, content))).toBe('landed');
  expect(products(await desk.rows(STOCK))).toEqual(['P1', 'P2', 'P3']);
  expect(await desk.rows(QUARANTINE)).toEqual([]);
});

test('values in windows-1252 are read as what they are', async () => {
  const desk = new FileDesk();
  const note = Buffer.from([0xfc, 0x80]); // a small u with two dots, and the euro sign
  await desk.land(desk.files.put(KEY, Buffer.concat([Buffer.from(csv(countLine('P1')).trimEnd()), note])));
  expect(await desk.rows(STOCK)).toEqual([expect.objectContaining({ note: 'ü€' })]);
});

test('rows that hold personal data in a column that does not say so are held, and counted as refused', async () => {
  const desk = new FileDesk();
  const file = desk.files.put(KEY, csv(...['ann', 'bob', 'cy'].map((name) => countLine(`${name}@example.com`))));
  expect(await desk.land(file)).toBe('landed');
  expect(await desk.rows(STOCK)).toEqual([]);
  expect((await desk.rows(QUARANTINE)).map(({ rules, payload }) => [rules, payload])).toEqual([
    [['g0.pii'], null],
    [['g0.pii'], null],
    [['g0.pii'], null],
  ]);
  expect(desk.item(file)).toMatchObject({ state: 'landed', rows: 3, landed: 0, refused: 3 });
});

test('a line without a time is held with its file, though it makes no whole event', async () => {
  const desk = new FileDesk();
  await desk.land(desk.files.put(KEY, csv(countLine('P1').replace('2026-01-31 18:30', ''))));
  expect(await desk.rows(QUARANTINE)).toEqual([
    expect.objectContaining({ source: `s3://landing/${KEY}`, table: STOCK, event_id: null }),
  ]);
});

test('a bad line is held with its file, number and reason, and the others land', async () => {
  const desk = new FileDesk();
  const file = desk.files.put(
    KEY,
    csv(countLine('P1'), 'P2;North', countLine('P3', 'many'), '"P4;never closed', countLine('P5')),
  );
  await desk.land(file);
  expect(products(await desk.rows(STOCK))).toEqual(['P1', 'P5']);
  const held = await desk.rows(QUARANTINE);
  expect(held.map((row) => [numberOf(row), row.source, row.sealed])).toEqual([
    [3, `s3://landing/${KEY}`, expect.stringContaining('P2;North')],
    [4, `s3://landing/${KEY}`, expect.stringContaining('many')],
    [5, `s3://landing/${KEY}`, expect.stringContaining('"P4;never closed')],
  ]);
  expect(held.map(({ reasons }) => String(reasons))).toEqual([
    'row 3: found 2 values, allowed: 7, as the header has',
    expect.stringContaining('units_on_hand'),
    'row 5: a quote opens a value and nothing closes it',
  ]);
  expect(desk.item(file)).toMatchObject({ state: 'landed', rows: 5, landed: 2, refused: 3 });
  expect(held.map(({ table }) => table)).toEqual([STOCK, STOCK, STOCK]);
  expect(desk.produced()).toEqual({ [STOCK]: 5 });
});

const GZIP = gzipSync(csv(...Array.from({ length: 200 }, (_, index) => countLine(`P${index}`, index))));

test.each([
  [
    'no contract takes files',
    'landing/commerce/wishes/a.csv',
    THREE,
    /no contract takes files below this folder; allowed are page_views, stock_counts/,
  ],
  ['a renamed column', KEY, THREE.replace('On hand', 'Stock'), /the header has no column On hand/],
  ['a column in other letters', KEY, THREE.replace('Product', 'PRODUCT'), /the header has no column Product/],
  ['a column twice', KEY, THREE.replace('Note', 'Note;Note'), /the header has column Note twice/],
  ['a name that promises gzip', `${KEY}.gz`, THREE, /name says gzip, but it is not gzip data/],
  ['a name that hides gzip', KEY, gzipSync(THREE), /name says no compression, but it is gzip data/],
  ['gzip in gzip', `${KEY}.gz`, gzipSync(gzipSync(THREE)), /compressed twice/],
  ['another format by name', `${STOCK_FOLDER}a.parquet`, THREE, /name says parquet; the table's files are csv/],
  ['another format by content', `${STOCK_FOLDER}a`, 'PAR1....', /found parquet data by its first bytes/],
  ['a damaged file', `${KEY}.gz`, GZIP.fill(7, 20, 40), /the gzip data is broken or breaks off/],
  ['a bomb', `${KEY}.gz`, gzipSync(Buffer.alloc(30_000_000, ' ')), /grows more than 200 times/],
  ['a bomb of zstd', `${KEY}.zst`, zstdCompressSync(Buffer.alloc(30_000_000, ' ')), /grows more than 200 times/],
])('%s is held as a whole, as one entry that names the file', async (_, key, content, reason) => {
  const desk = new FileDesk();
  const file = desk.files.put(key, content);
  expect(await desk.land(file)).toBe('refused');
  expect(await desk.rows(STOCK)).toEqual([]);
  const held = await desk.rows(QUARANTINE);
  const table = key.startsWith(STOCK_FOLDER) ? STOCK : null;
  expect(held).toEqual([expect.objectContaining({ payload: `s3://landing/${key}`, table })]);
  expect(desk.produced()).toEqual({ [table ?? 'commerce.unknown']: 1 });
  expect(String(held[0]?.reasons)).toMatch(reason);
  expect(desk.item(file)).toMatchObject({ state: 'refused', reason: expect.stringMatching(reason), refused: 1 });
});

test.each([
  ['nothing', ''],
  ['a header only', `${HEADER}\n`],
])('a file that holds %s is a batch of no rows', async (_, content) => {
  const desk = new FileDesk();
  const file = desk.files.put(KEY, content);
  expect(await desk.land(file)).toBe('landed');
  expect(desk.item(file)).toMatchObject({ state: 'landed', rows: 0, refused: 0 });
  expect(desk.stagedFiles()).toBe(0);
});

test('a file that breaks off lands up to there, and one entry says so', async () => {
  const desk = new FileDesk();
  const lines = Array.from({ length: 20_000 }, (_, index) => countLine(`P${index}`, index, `${Math.sin(index)}`));
  const whole = gzipSync(csv(...lines));
  const file = desk.files.put(`${KEY}.gz`, whole.subarray(0, whole.length / 2));
  await desk.land(file);
  const { landed, refused, state, reason } = desk.item(file);
  expect({ state, refused, reason }).toEqual({
    state: 'landed',
    refused: 1,
    reason: 'the gzip data is broken or breaks off',
  });
  expect(landed).toBeGreaterThan(4000);
  expect(landed).toBeLessThan(20_000);
  expect(await desk.rows(STOCK)).toHaveLength(landed);
}, 60_000);

test('a line of 100 MB is held without being kept, and the others land', async () => {
  const desk = new FileDesk({ partBytes: 1e9, largeBytes: 1e10 });
  const file = desk.files.put(
    KEY,
    Buffer.concat([Buffer.from(csv(countLine('P1'))), Buffer.alloc(100e6, 'x'), Buffer.from(`\n${countLine('P2')}\n`)]),
  );
  await desk.land(file);
  expect(products(await desk.rows(STOCK))).toEqual(['P1', 'P2']);
  const [held, ...others] = await desk.rows(QUARANTINE);
  expect(others).toEqual([]);
  expect(String(held?.reasons)).toBe('row 3: the line is longer than 1048576 bytes');
  expect(String(held?.sealed)).toContain(`s3://landing/${KEY}#3`);
}, 60_000);

describe('a file is landed once', () => {
  test('however often it is announced', async () => {
    const desk = new FileDesk();
    const file = desk.files.put(KEY, THREE);
    expect([await desk.land(file), await desk.land(file)]).toEqual(['landed', 'known']);
    expect(desk.commits.batches).toHaveLength(1);
    expect((await desk.ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 3 });
  });

  test('and again when its content is new, as another version', async () => {
    const desk = new FileDesk();
    const [first, second] = [desk.files.put(KEY, THREE), desk.files.put(KEY, csv(countLine('P9')))];
    expect(await desk.land(second)).toBe('landed');
    expect(await desk.land(first)).toBe('gone');
    expect(products(await desk.rows(STOCK))).toEqual(['P9']);
    expect(shardOf(first)).not.toBe(shardOf(second));
    expect(desk.item(first)).toMatchObject({ state: 'gone', landed: 0 });
  });

  test('when its rows could not be staged at first', async () => {
    const desk = new FileDesk();
    const file = desk.files.put(KEY, THREE);
    desk.staging.broken = /./;
    await expect(desk.land(file)).rejects.toThrow('staging commerce.bronze.stock_counts failed');
    expect(desk.item(file)).toMatchObject({ state: 'open', partsDone: [] });
    desk.staging.broken = /^$/;
    expect(await desk.land(file)).toBe('landed');
    expect(await desk.rows(STOCK)).toHaveLength(3);
    expect(desk.item(file)).toMatchObject({ state: 'landed', landed: 3 });
  });

  test('when what failed before belonged to another file', async () => {
    const desk = new FileDesk();
    const [first, second] = [desk.files.put(KEY, THREE), desk.files.put(`${STOCK_FOLDER}b.csv`, csv(countLine('B')))];
    desk.staging.broken = /./;
    await expect(desk.land(first)).rejects.toThrow();
    desk.staging.broken = /^$/;
    await desk.land(second);
    expect(products(await desk.rows(STOCK))).toEqual(['B']);
  });

  test('a trouble of S3 is no fault of the file', async () => {
    const desk = new FileDesk();
    const file = desk.files.put(KEY, THREE);
    desk.files.isDown = true;
    await expect(desk.land(file)).rejects.toThrow('S3 is down');
    desk.files.isDown = false;
    expect(await desk.land(file)).toBe('landed');
    expect(await desk.rows(QUARANTINE)).toEqual([]);
  });
});

describe('a large file', () => {
  const lines = Array.from({ length: 3000 }, (_, index) =>
    index % 100 === 7 ? countLine(`P${index}`, index, '"a note\nof two lines"') : countLine(`P${index}`, index),
  );
  const content = csv(...lines, 'ragged');

  const landed = async (desk: FileDesk) =>
    (await desk.rows(STOCK)).map(({ product_id, note, _sequence }) => [product_id, note, _sequence]);

  test('is cut into parts that give the same rows at the same places', async () => {
    const [whole, cut] = [new FileDesk(), new FileDesk({ partBytes: 20_000 })];
    await whole.land(whole.files.put(KEY, content));
    const file = cut.files.put(KEY, content);
    expect(await cut.land(file)).toBe('split');
    const { parts, partsDone, rows, refused, state } = cut.item(file);
    expect({ rows, refused, state, done: partsDone.length }).toEqual({
      rows: 3001,
      refused: 1,
      state: 'landed',
      done: parts,
    });
    expect(parts).toBeGreaterThan(1);
    expect(await landed(cut)).toEqual(await landed(whole));
    expect(await landed(cut)).toHaveLength(3000);
    expect((await cut.ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 3001 });
  });

  test('counts a part once that comes twice, and lands the rest when it is announced again', async () => {
    const desk = new FileDesk({ partBytes: 20_000 });
    const file = desk.files.put(KEY, content);
    await desk.announce(file);
    const due = [...desk.queue.parts];
    desk.queue.parts.splice(0, due.length, ...due.slice(0, 2), ...due.slice(0, 2));
    await desk.landDue();
    expect(desk.item(file)).toMatchObject({ state: 'open', partsDone: [0, 1] });
    expect(await desk.land(file)).toBe('split');
    expect(desk.item(file)).toMatchObject({ state: 'landed', rows: 3001 });
    expect(await landed(desk)).toHaveLength(3000);
    expect(desk.produced()).toEqual({ [STOCK]: 3001 });
  });

  test.each([
    ['plain', KEY, (text: string) => Buffer.from(text)],
    ['compressed', `${KEY}.gz`, (text: string) => gzipSync(text)],
  ])(
    '%s, is handed over when time runs out, and read on where it was left',
    async (_, key, pack) => {
      const [whole, hurried] = [new FileDesk(), new FileDesk()];
      const big = csv(...Array.from({ length: 4 }, () => lines).flat());
      await whole.land(whole.files.put(key, pack(big)));
      const file = hurried.files.put(key, pack(big));
      expect(await hurried.land(file, () => true)).toBe('handed-over');
      expect(hurried.item(file)).toMatchObject({ state: 'landed', rows: 12_000, landed: 12_000 });
      expect(await landed(hurried)).toEqual(await landed(whole));
      expect(hurried.produced()).toEqual({ [STOCK]: 12_000 });
    },
    60_000,
  );

  test('beyond all measure is planned to be loaded, and stays open until the load has begun', async () => {
    const desk = new FileDesk({ largeBytes: 1000 });
    const file = desk.files.put(KEY, content);
    expect(await desk.land(file)).toBe('planned');
    expect(await desk.land(file)).toBe('planned');
    expect(desk.item(file).state).toBe('open');
    expect(desk.large.plans.map(({ shard, uri }) => [shard, uri])).toEqual(
      Array.from({ length: 2 }, () => [shardOf(file), `s3://landing/${KEY}`]),
    );
    expect(desk.stagedFiles()).toBe(0);
  });

  test('that is being loaded is left alone, however often it is announced', async () => {
    const desk = new FileDesk({ largeBytes: 1000 });
    const file = desk.files.put(KEY, content);
    await desk.land(file);
    await new MemoryLoadLedger(desk.ledger).request(shardOf(file), '2026-01-01T00:00:00.000Z');
    expect(await desk.land(file)).toBe('known');
    expect(desk.large.plans).toHaveLength(1);
  });

  test('that Spark cannot load is parked with the reason, and taken again when a person asks for it', async () => {
    const desk = new FileDesk({ largeBytes: 1000 });
    const file = desk.files.put(`${STOCK_FOLDER}_hidden.csv`, content);
    expect(await desk.land(file)).toBe('parked');
    expect(desk.item(file)).toMatchObject({ state: 'parked', reason: expect.stringContaining('begin with _') });
    expect(await desk.land(file)).toBe('known');
    expect(await desk.announce(file, () => false, true)).toBe('parked');
    expect((await desk.ledger.counts()).get('stock_counts')).toMatchObject({ announced: 1, ended: 1 });
  });

  test('of another format than the table is refused before anybody plans to load it', async () => {
    const desk = new FileDesk({ largeBytes: 1000 });
    expect(await desk.land(desk.files.put(`${STOCK_FOLDER}a.parquet`, content))).toBe('refused');
    expect(desk.large.plans).toEqual([]);
  });
});
