import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { accountOf, announceFile, csv, FOLDER, HEADER, linesOf, putFile, unitsOf, until } from './warehouse.ts';

/** Files that a warehouse lays down land row by row, each version once, however they come and are announced. */
export function files(platform: PlatformUnderTest): void {
  const lay = (name: string, content: Buffer): string => {
    const file = path.join(platform.folder, name);
    writeFileSync(file, content);
    return file;
  };
  const put = (name: string, content: Buffer) => putFile(platform, name, content);
  const landed = (): Promise<Row[]> =>
    platform.query(`
      select split_part(_source, '/', -1) as file, count(*)::int as n, count(distinct product_id)::int as products,
             sum(units_on_hand)::int as units, sum(unit_cost)::varchar as cost, count(distinct _shard)::int as versions
      from commerce_bronze.stock_counts group by all order by all`);
  const held = (): Promise<Row[]> =>
    platform.query(`
      select split_part(source, '/', -1) as file, "table", reasons[1] as reason, split_part(_sequence, '.', 1)::int as row
      from commerce_ops.quarantine where source like '%/${FOLDER}/%' order by all`);
  const wait = (): Promise<unknown> => platform.succeed('wait', '--timeout', '540');

  describe('files of the warehouse', () => {
    const zipped = 'north.csv.gz';
    const FIRST = [
      { file: zipped, n: 500, products: 500, units: unitsOf(500), cost: '125.0000', versions: 1 },
      { file: 'ragged.csv', n: 9, products: 9, units: unitsOf(9), cost: '2.2500', versions: 1 },
      { file: 'south.csv', n: 40, products: 40, units: unitsOf(40), cost: '10.0000', versions: 1 },
    ];
    const HELD = [
      {
        file: 'broken.csv',
        table: 'commerce.bronze.stock_counts',
        reason: expect.stringMatching(/no column On hand/),
        row: 0,
      },
      {
        file: 'ragged.csv',
        table: 'commerce.bronze.stock_counts',
        reason: expect.stringMatching(/^row 5: found 2 values/),
        row: 5,
      },
    ];
    const uploads = () => [lay(zipped, gzipSync(csv(linesOf('N', 500)))), lay('south.csv', csv(linesOf('S', 40)))];

    test('land with all their rows; a bad line is held by its number, and a bad file as one', async () => {
      const ragged = linesOf('R', 9);
      await put('ragged.csv', csv([...ragged.slice(0, 3), 'R-x;North', ...ragged.slice(3)]));
      await put('broken.csv', csv(linesOf('B', 20), HEADER.replace('On hand', 'Stock')));
      await platform.succeed('send', 'warehouse', ...uploads());
      await wait();
      await until(async () => (await landed()).length >= FIRST.length && (await held()).length >= HELD.length);
      expect(await landed()).toEqual(FIRST);
      expect(await held()).toEqual(HELD);
    });

    test('change nothing when they come again, and land as another version with other content', async () => {
      await platform.succeed('send', 'warehouse', ...uploads());
      const file = await put('south.csv', csv(linesOf('S', 3)));
      await announceFile(platform, file);
      await wait();
      const more = { n: 43, units: unitsOf(40) + unitsOf(3), cost: '10.7500', versions: 2 };
      await until(async () => (await landed()).some(({ n }) => n === more.n));
      expect(await landed()).toEqual(FIRST.map((each) => (each.file === 'south.csv' ? { ...each, ...more } : each)));
      expect(await held()).toEqual(HELD);
    });

    test('are in the accounts, row by row', async () => {
      expect(await accountOf(platform)).toEqual([554, 552, 2, 0]);
    });
  });
}
