import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeScan } from '../../cli/pii/describe-scan.ts';
import { readFile } from '../../cli/pii/read-file.ts';
import { scanRows } from '../../cli/pii/scan-rows.ts';
import type { Column } from '../../lib/contract/contract.ts';
import { column } from '../fixtures/column.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'scan-pii-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MAILS = ['ann@example.com', 'bob@example.com', 'cy@example.com', 'dee@example.com'];

async function scanFile(name: string, content: string | Buffer, columns: readonly Column[] = []) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return scanRows(readFile(file), columns);
}

const events = MAILS.map((mail, i) => ({ order: { lines: [{ note: `line ${i}` }, { note: mail }] }, no: 10 + i }));
const csv = ['no;"the note"', ...MAILS.map((mail, i) => `${10 + i};"write to ${mail}; please"`)].join('\n');

test.each([
  ['a.csv', csv, 'the note'],
  ['a.csv.gz', gzipSync(csv), 'the note'],
  ['latin1.csv', Buffer.from(csv.replaceAll('please', 'für später'), 'latin1'), 'the note'],
  ['utf16.csv', Buffer.from(`\ufeff${csv}`, 'utf16le'), 'the note'],
  ['a.tsv', csv.replaceAll('; please', '').replaceAll(';', '\t'), 'the note'],
  ['a.jsonl', events.map((event) => JSON.stringify(event)).join('\n'), 'order.lines[].note'],
  ['a.json', JSON.stringify(events), 'order.lines[].note'],
  ['a.log', MAILS.map((mail) => `INFO sent to ${mail}`).join('\n'), 'text'],
])('%s is read by its name, and its one suspect column is told', async (name, content, suspect) => {
  const columns = await scanFile(name, content);
  expect(columns.filter(({ isSuspect }) => isSuspect).map((each) => each.column)).toEqual([suspect]);
});

test('a Parquet file is read', async () => {
  const file = path.join(folder, 'a.parquet');
  const script = `import pyarrow as pa, pyarrow.parquet as pq, sys; pq.write_table(pa.table({"no": [1, 2, 3], "mail": ["a@example.com", "b@example.com", None]}), sys.argv[1])`;
  execFileSync('.venv/bin/python', ['-c', script, file]);
  expect(await scanRows(readFile(file), [])).toMatchObject([
    { column: 'no', values: 3, found: [], isSuspect: false },
    { column: 'mail', values: 2, found: [{ kind: 'email', isProven: true, hits: 2, values: 2 }], isSuspect: true },
  ]);
});

test.each([
  ['declared personal', { pii: 'direct' as const }],
  ['masked', { masking: { method: 'tokenise' as const, from: 'bronze' as const } }],
  ['left as it is by somebody who answers for it', { exempt: true as const }],
])('a column that is %s is no suspect', async (_how, more) => {
  const rows = MAILS.map((mail) => ({ mail }));
  const [found] = await scanRows(rows, [column('mail', more)]);
  expect(found).toMatchObject({ isSuspect: false, declared: { classification: 'internal', ...more } });
  expect((await scanRows(rows, [column('mail')]))[0]?.isSuspect).toBe(true);
});

test('what is said of a column holds for its members', async () => {
  const rows = [{ lines: [{ note: 'ann@example.com' }] }];
  const lines = (pii: Column['pii']) => [
    column('lines', { type: 'array', items: { type: 'struct', fields: [column('note')] }, pii }),
  ];
  expect((await scanRows(rows, lines('none')))[0]?.isSuspect).toBe(true);
  expect((await scanRows(rows, lines('direct')))[0]?.isSuspect).toBe(false);
});

test('a scan shows kinds and shares, and never a value', async () => {
  const columns = await scanFile('b.csv', csv);
  const said = describeScan(4, columns);
  expect(said).toContain('e-mail address 100.0%');
  expect(said).toContain('SUSPECT');
  for (const mail of MAILS) expect(said + JSON.stringify(columns)).not.toContain(mail);
});
