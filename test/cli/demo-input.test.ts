import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type DemoInput, folderInput, generatedInput } from '../../cli/demo/demo-input.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const root = mkdtempSync(path.join(os.tmpdir(), 'sluice-demo-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A folder with one invoice a day, the later day written first. */
function days(name: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  for (const day of ['2010-12-02', '2010-12-01']) {
    writeFileSync(path.join(folder, `${day}.csv`), `${HEADER}\n${day},P1,MUG,1,${day} 08:00:00,2.55,17850.0,Norway\n`);
  }
  return folder;
}
const extracted = (): string[] => readdirSync(os.tmpdir()).filter((name) => name.startsWith('sluice-data-'));
async function keysOf(input: DemoInput, type = 'commerce.orders.v1'): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of input.events(() => 'digest')[type] ?? []) keys.push(key);
  return keys;
}

describe("the demo's input", () => {
  test('from a folder of daily files is sent day by day', async () => {
    const input = await folderInput(days('plain'));
    expect(input.description).toBe('2 daily files');
    expect(await keysOf(input)).toEqual(['2010-12-01', '2010-12-02']);
  });

  test('from an archive is the same, and leaves nothing behind', async () => {
    const archived = path.join(root, 'archived');
    mkdirSync(archived);
    execFileSync('tar', ['-cJf', path.join(archived, 'months.tar.xz'), '-C', root, path.basename(days('inner'))]);
    const before = new Set(extracted());
    const input = await folderInput(archived);
    expect(await keysOf(input)).toEqual(['2010-12-01', '2010-12-02']);
    const [own = ''] = extracted().filter((name) => !before.has(name));
    await input.discard();
    expect(own).not.toBe('');
    expect(existsSync(path.join(os.tmpdir(), own))).toBe(false);
  });

  test('from a folder that holds neither is refused', async () => {
    const empty = path.join(root, 'empty');
    mkdirSync(empty);
    await expect(folderInput(empty)).rejects.toThrow(/holds neither CSV files nor an archive/);
    await expect(folderInput(path.join(root, 'nowhere'))).rejects.toThrow(/no folder .*nowhere/);
  });

  test('is generated when none is given', async () => {
    const input = await generatedInput(1, 50);
    expect(input.description).toBe('50 orders of a generated shop (seed 1)');
    expect((await keysOf(input)).length).toBeGreaterThanOrEqual(50);
    expect(await keysOf(input, 'commerce.fx_rates.v1')).toEqual(['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z']);
  });
});
