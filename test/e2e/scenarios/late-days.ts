import type { PlatformUnderTest, Row } from '../platform-under-test.ts';

const LATE = '2010-12-20';

/** A day that arrives after newer ones takes its place, and nothing else moves but which sale a cancellation takes back. */
export function lateDays(platform: PlatformUnderTest): void {
  /** Changes with any value of a row of gold that is not of the late day, but those of matching cancellations. */
  const otherDays = (): Promise<Row[]> =>
    platform.query(`
      select (select md5(string_agg(f::varchar, '|' order by order_id, line_no))
              from (select * exclude (returned_units, unmatched_units, is_unmatched) from commerce_gold.gold_fact_sales) f
              where order_date <> date '${LATE}') as sales,
             (select md5(string_agg(p::varchar, '|' order by product_id, period_start, currency))
              from (select * exclude (units_returned, return_rate, price_index, units_year_to_date, net_amount_year_to_date)
                    from commerce_gold.gold_product_performance where period = 'day') p
              where period_start <> date '${LATE}') as products`);

  const lateDayBy = (column: string): Promise<Row[]> => platform.goldBy(column, `order_date = date '${LATE}'`);

  describe('a day that comes late', () => {
    test('is in gold to the cent, and no row of another day has changed', async () => {
      const before = await otherDays();
      expect(await lateDayBy('order_date')).toEqual([]);
      const files = platform.shopDays(LATE);
      const { lastRun } = await platform.sendAndWait(...files);
      expect(lastRun.status).toBe('succeeded');
      const totals = await platform.python<Record<'days' | 'products', Row[]>>(
        'reference_totals.py',
        platform.rates(),
        ...files,
      );
      expect(await lateDayBy('order_date')).toEqual(totals.days);
      expect(await lateDayBy('product_id')).toEqual(totals.products);
      expect(await otherDays()).toEqual(before);
    });
  });
}
