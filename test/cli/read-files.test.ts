import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Outgoing } from '../../cli/send/pack-records.ts';
import { listFiles, readEvents, readRaw } from '../../cli/send/read-files.ts';
import { keyBy } from '../../cli/send.ts';
import type { Contract } from '../../lib/contract/contract.ts';
import { digestOf } from '../../lib/source/event-digest.ts';
import { parseSourceMapping } from '../../lib/source/parse-source-mapping.ts';

const SHOP = `
source: /shop
event: shop.orders.v1
id: order_id
time: at
csv:
  groupBy: No
  data:
    order_id: { from: No }
    at: { from: At }
    lines: { eachRow: { product: { from: Product } } }
`;
const MAPPING = {
  ...parseSourceMapping('shop.yaml', SHOP),
  digest: digestOf('a key of event ids, of sufficient length'),
};
const keyOf = keyBy([{ ingest: { from: 'stream', event: 'shop.orders.v1', key: 'order_id' } } as Contract]);

const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
async function all(events: AsyncIterable<Outgoing>): Promise<Outgoing[]> {
  const found: Outgoing[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe('reading files to send', () => {
  test('makes one event of the rows of an order, in order, with its key, whatever marks the start of the file', async () => {
    const csv = file(
      'a.csv',
      '\uFEFFNo,At,Product\n7,2026-01-01T00:00:00Z,"tea, green"\n8,2026-01-01T00:00:00Z,mug\n7,,cup\n',
    );
    const events = await all(readEvents(MAPPING, csv, keyOf));
    expect(events.map(({ key }) => key)).toEqual(['7', '8']);
    expect(JSON.parse(events[0]!.text).data.lines).toEqual([{ product: 'tea, green' }, { product: 'cup' }]);
  });

  test('sends a line of JSONL that is no JSON as it is', async () => {
    const lines = file('b.jsonl', '{"order_id":"9","at":"2026-01-01T00:00:00Z"}\n{"order_id":\n');
    const [good, broken] = await all(readEvents(MAPPING, lines, keyOf));
    expect(good).toMatchObject({ key: '9' });
    expect(broken).toMatchObject({ text: '{"order_id":', raw: true });
  });

  test('names the file that cannot be read', async () => {
    const csv = file('c.csv', 'No,At,Product\n7,2026,"never closed\n');
    await expect(all(readEvents(MAPPING, csv, keyOf))).rejects.toThrow(/c\.csv cannot be read: /);
  });

  test('raw lines share a key, so that they stay in order, and are not changed', async () => {
    const raw = file('d.txt', ' {"a":1}\r\n\nnonsense\n');
    expect(await all(readRaw(raw))).toEqual([
      { key: 'd.txt', text: ' {"a":1}', raw: true },
      { key: 'd.txt', text: 'nonsense', raw: true },
    ]);
  });

  test('a folder stands for its files of a known kind, by name', async () => {
    file('notes.md', '');
    const names = (await listFiles([folder])).map((name) => path.basename(name));
    expect(names).toEqual(['a.csv', 'b.jsonl', 'c.csv']);
  });

  test('a file of another kind, and one that is not there, are refused', async () => {
    await expect(listFiles([file('x.parquet', '')])).rejects.toThrow(/no kind that can be mapped; allowed are \.csv/);
    await expect(listFiles(['/nowhere/x.csv'])).rejects.toThrow("no file or folder '/nowhere/x.csv'");
  });
});

describe('the key of an event', () => {
  test('is the member that its contract names', () => {
    expect(keyOf({ type: 'shop.orders.v1', id: 'e1', data: { order_id: 'A' } })).toBe('A');
  });

  test('is its id when it has no contract or lacks the member', () => {
    expect(keyOf({ type: 'shop.wishes.v1', id: 'e1', data: { order_id: 'A' } })).toBe('e1');
    expect(keyOf({ type: 'shop.orders.v1', id: 'e1', data: {} })).toBe('e1');
  });

  test('is never longer than Kinesis takes, and never empty', () => {
    expect(keyOf({ type: 'shop.orders.v1', data: { order_id: 'x'.repeat(999) } }).length).toBe(256);
    expect(keyOf({ type: 'shop.orders.v1', data: { order_id: '' } })).toBe('unknown');
  });
});
