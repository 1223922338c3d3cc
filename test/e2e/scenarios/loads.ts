import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { accountOf, announceFile, csv, FOLDER, linesOf, putFile, unitsOf, until } from './warehouse.ts';

const NAME = 'year.csv';
/** With a note of a thousand letters each: a few more than the 4 MB from which on Spark loads a file locally. */
const PRODUCTS = 4500;

/** A file that is too large for a function is loaded by Spark: no row of it is another one than land-file would make. */
export function loads(platform: PlatformUnderTest): void {
  const landed = async (): Promise<Row | undefined> => {
    const [row] = await platform.query(`
      select count(*)::int as n, count(distinct _sequence)::int as places, count(distinct product_id)::int as products,
             sum(units_on_hand)::int as units, min(length(note))::int as note, min(_producer) as producer
      from commerce_bronze.stock_counts where _source like '%/${FOLDER}/${NAME}'`);
    return row;
  };
  const held = (): Promise<Row[]> =>
    platform.query(`
      select reasons[1] as reason, split_part(_sequence, '.', 1)::int as row, "table"
      from commerce_ops.quarantine where source like '%/${FOLDER}/${NAME}' order by all`);

  test('a file that is too large for a function is loaded once by Spark, its bad lines held, and its rows accounted for', async () => {
    const before = await accountOf(platform);
    const lines = linesOf('Y', PRODUCTS, 'n'.repeat(1000));
    const file = await putFile(
      platform,
      NAME,
      csv([...lines.slice(0, 5), 'Y-x;North', 'Y-y;North;;1;1;0.25;', ...lines.slice(5)]),
    );
    await announceFile(platform, file);
    await platform.succeed('wait', '--timeout', '540');
    await until(async () => (await landed())?.n === PRODUCTS);
    await announceFile(platform, file);
    await platform.succeed('wait', '--timeout', '540');
    const row = { n: PRODUCTS, places: PRODUCTS, products: PRODUCTS, units: unitsOf(PRODUCTS) };
    expect(await landed()).toEqual({ ...row, note: 1000, producer: '/commerce/warehouse' });
    const table = 'commerce.bronze.stock_counts';
    expect(await held()).toEqual([
      { reason: expect.stringContaining("'time'"), row: 8, table },
      { reason: 'row 7: found 2 values, allowed: 7, as the header has', row: 7, table },
    ]);
    expect(await platform.sparkJobs('load-')).toHaveLength(1);
    const more = (await accountOf(platform)).map((sum, index) => sum - (before[index] ?? 0));
    expect(more).toEqual([PRODUCTS + 2, PRODUCTS, 2, 0]);
  });
}
