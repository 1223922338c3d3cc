import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';

const DAYS = ['2010-12-05', '2010-12-19', '2010-12-22', '2011-01-16', '2011-02-10'];

/** As reference_totals.py prints them. */
interface Totals {
  readonly lines: number;
  readonly invoices: number;
  readonly cancellations: number;
  readonly lines_without_customer: number;
  readonly customers: number;
  readonly days: readonly Row[];
  readonly products: readonly Row[];
  readonly countries: readonly Row[];
  readonly buyers: readonly Row[];
  readonly rate_months: number;
  readonly returned_units: number;
  readonly unmatched_units: number;
  /** Of goods, by the country of the sale. */
  readonly returned_goods: Readonly<Record<string, number>>;
  /** Groups of customers by month, segment and the one before. */
  readonly segments: readonly Row[];
  /** Segments of ten customers at least. */
  readonly segment_summary: readonly Row[];
  /** Of products, by period and its start. */
  readonly performance: readonly Row[];
  /** Of sales by country; the last row is of all. */
  readonly metrics: readonly MetricRow[];
}
/** As reference_dimensions.py prints them. */
type Dimensions = Readonly<Record<'products' | 'customers' | 'categories', readonly Row[]>>;

const sorted = (rows: readonly Row[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

/** As reference_attribution.py prints them. */
interface Marketing {
  readonly spend_days: number;
  readonly views: number;
  readonly sent_views: number;
  readonly attribution: readonly Row[];
  /** Pounds by campaign. */
  readonly spend: Readonly<Record<string, string>>;
}

type MetricRow = Readonly<Record<string, number>> & { readonly country: string | null };

function returnRate({ country, units_sold: sold = 0 }: MetricRow, returned: Totals['returned_goods']): number | null {
  const units =
    country === null ? Object.values(returned).reduce((sum, each) => sum + each, 0) : (returned[country] ?? 0);
  return sold === 0 ? null : units / sold;
}

/** Amounts come as text, shares as doubles; of all countries, none has a name. */
const rounded = (row: Row) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, name === 'country' ? value : Number(Number(value).toFixed(6))]),
  );

/** Days of a shop, compared with totals that DuckDB computes from the files alone. */
export function shopDays(platform: PlatformUnderTest): void {
  let files: string[];
  let totals: Totals;
  let catalogue: string;
  let crm: string;
  let marketing: Marketing;
  let views: string;
  let spend: string;
  /** Events of all but orders. */
  let others: number;

  beforeAll(async () => {
    files = platform.shopDays(...DAYS);
    views = await platform.generated('web', '2010-12-01', '2011-02-10', files, 'jsonl');
    spend = await platform.generated('ads', '2010-12-01', '2011-02-10', files);
    totals = await platform.python<Totals>('reference_totals.py', platform.rates(), ...files);
    // From the second edition of the days on, so that what was sold before was not listed yet.
    catalogue = await platform.generated('catalogue', '2011-01-01', '2011-02-10', files);
    crm = await platform.generated('crm', '2010-12-05', '2011-02-10', files);
    const rows = [catalogue, crm].map((file) => readFileSync(file, 'utf8').trim().split('\n').length - 1);
    marketing = await platform.python<Marketing>('reference_attribution.py', spend, views, ...files);
    const known = totals.rate_months + marketing.spend_days + marketing.sent_views;
    others = rows.reduce((sum, each) => sum + each, known);
  });

  describe('several days of a shop', () => {
    test('are accounted for, each event once', async () => {
      await platform.succeed('send', 'web', views);
      await platform.succeed('send', 'ads', spend);
      await platform.succeed('send', 'fx', platform.rates());
      await platform.succeed('send', 'catalogue', catalogue);
      await platform.succeed('send', 'crm', crm);
      const { events, lastRun } = await platform.sendAndWait(...files);
      // A run that took in all of them together leaves nothing to the one after it.
      expect(['succeeded', 'nothing-to-do']).toContain(lastRun.status);
      const all = totals.invoices + others;
      expect(events).toEqual({ sent: all, landed: all, quarantined: 0 });
    });

    test('give gold with lines, units and revenue of each day to the cent', async () => {
      expect(totals.days.length).toBe(DAYS.length);
      expect(await platform.goldBy('order_date')).toEqual(totals.days);
    });

    test('give gold with lines, units and revenue of each product, country and customer to the cent', async () => {
      expect(await platform.goldBy('product_id')).toEqual(totals.products);
      expect(await platform.goldBy('country')).toEqual(totals.countries);
      // A customer is a token in gold, so the same amounts are all that can be compared.
      const withoutKey = (rows: readonly Row[]) => rows.map(({ key: _, ...sums }) => JSON.stringify(sums)).sort();
      expect(withoutKey(await platform.goldBy('customer_id'))).toEqual(withoutKey(totals.buyers));
    });

    test('give product performance by day, week and month, with places, indexes and running totals', async () => {
      const products = await platform.query(`
        select period, period_start::varchar as start, count(*)::int as products, sum(order_count)::int as orders,
               sum(units)::int as units, sum(net_amount)::varchar as revenue, sum(revenue_rank)::int as places,
               sum(units_year_to_date)::int as units_so_far, sum(net_amount_year_to_date)::varchar as revenue_so_far,
               round(sum(average_price))::int as prices, round(sum(price_index))::int as indexes
        from commerce_gold.gold_product_performance group by 1, 2 order by 1, 2`);
      const { performance, returned_units, unmatched_units } = totals;
      expect(products).toEqual(performance);
      expect(
        await platform.query(`
          select (select sum(units_returned)::int from commerce_gold.gold_product_performance
                  where period = 'day') as returned_units,
                 (select sum(unmatched_units)::int from commerce_gold.gold_fact_sales) as unmatched_units`),
      ).toEqual([{ returned_units, unmatched_units }]);
    });

    test('give each product and customer as the files say it, and sales of a chapter by the entry of their time', async () => {
      const expected = await platform.python<Dimensions>('reference_dimensions.py', catalogue, crm, ...files);
      const products = await platform.query(`
        select product_id, catalogue_status, description, category, list_price::varchar as list_price,
               first_sold_on::varchar as first_sold_on, last_sold_on::varchar as last_sold_on
        from commerce_gold.gold_dim_products where is_current`);
      expect(sorted(products)).toEqual(sorted(expected.products));
      const customers = await platform.query(`
        select crm_status, email_class, country, consent, lifecycle_stage, cohort_month::varchar as cohort_month,
               count(*)::int as customers
        from commerce_gold.gold_dim_customers where is_current group by all`);
      expect(sorted(customers)).toEqual(sorted(expected.customers));
      const categories = await platform.query(`
        select p.category, sum(s.net_amount)::varchar as revenue
        from commerce_gold.gold_fact_sales s join commerce_gold.gold_dim_products p
          on p.product_id = s.product_id and p.valid_from <= s.ordered_at
            and (s.ordered_at < p.valid_to or p.valid_to is null)
        group by p.category`);
      expect(sorted(categories)).toEqual(sorted(expected.categories));
    });

    test("answer the questions of the analysts' guide", async () => {
      const guide = readFileSync(path.join(import.meta.dirname, '../../../docs/guides/analysts.md'), 'utf8');
      const questions = [...guide.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) => sql);
      expect(questions.length).toBeGreaterThan(5);
      for (const sql of questions) expect(await platform.query(sql)).not.toEqual([]);
    });

    test('answer what the business goes by as it follows from the files, of all and of each country', async () => {
      const defined = await platform.json<{ name: string; table: string }[]>('metric');
      const names = defined.flatMap(({ name, table }) => (table === 'gold_fact_sales' ? [name] : []));
      const all = await platform.json<Row[]>('metric', ...names);
      const countries = await platform.json<Row[]>('metric', ...names, '--by', 'country');
      const { metrics, returned_goods } = totals;
      const expected = metrics.map((row) => ({ ...row, return_rate: returnRate(row, returned_goods) }));
      expect([...countries, ...all].map(rounded)).toEqual(expected.map(rounded));
      expect(names.length).toBe(Object.keys(expected[0] ?? {}).length - 1);
    });

    test('are modelled alike by dbt on a laptop, whose models pass their unit tests', async () => {
      const built = await platform.succeed('dbt', '--domain', 'commerce', '--', 'build');
      expect(built.stdout).toMatch(/PASS gold_fact_sales::the_oldest_sale_is_taken_back_first/);
      const sums = 'count(*) as lines, sum(net_amount_eur) as euros, sum(returned_units) as returned';
      const inline = ['--inline', `select ${sums} from {{ ref('gold_fact_sales') }}`, '--output', 'json'];
      const shown = await platform.succeed('dbt', '--domain', 'commerce', '--', 'show', '--quiet', ...inline);
      const { show } = JSON.parse(shown.stdout) as { show: Row[] };
      expect(show.map(rounded)).toEqual(
        (await platform.query(`select ${sums} from commerce_gold.gold_fact_sales`)).map(rounded),
      );
    });

    test('give segments of customers that follow from the files, month by month, and metrics that say the same', async () => {
      const found = await platform.query(`
        select segment_month::varchar as month, segment, previous_segment, count(*) as customers,
               sum(order_count)::int as orders, sum(net_amount_gbp)::varchar as revenue,
               sum(net_amount_gbp_12_months)::varchar as revenue_12_months, sum(recency_days)::int as recency_days
        from commerce_gold.gold_customer_segments group by all order by 1, 2, 3 nulls last`);
      expect(new Set(found.map(({ month }) => month)).size).toBe(3);
      expect(found).toEqual(totals.segments);
      const summary = await platform.query(`
        select segment_month::varchar as month, segment, customers::int as customers, merged_groups::int as merged,
               order_count::int as orders, net_amount_gbp::int as revenue
        from commerce_gold.gold_segment_summary order by 1, 2`);
      expect(summary).toEqual(totals.segment_summary);
      const [answer] = await platform.json<Row[]>('metric', 'customer_revenue', '--to', '2010-12-31');
      const first = found.filter(({ month }) => month === '2010-12-01');
      const revenue = first.reduce((sum, row) => sum + Number(row.revenue), 0);
      expect(Number(answer?.customer_revenue)).toBeCloseTo(revenue, 3);
    });

    test('divide orders among the campaigns that led to them as it follows from the files, to the last digit', async () => {
      const ways = ['first_touch', 'last_touch', 'linear', 'position_based', 'time_decay'];
      const credits = ways.map((way) => `${way}_amount_gbp::varchar as ${way}`).join(', ');
      const found = await platform.query(`
        select order_id, campaign, touch_count, order_net_amount_gbp::varchar as order_net, ${credits}
        from commerce_gold.gold_marketing_attribution order by 1, 2`);
      expect(found).toEqual(marketing.attribution);
      const spent = await platform.query(
        'select campaign, sum(spend_gbp)::varchar as gbp from commerce_silver.campaign_spend group by 1',
      );
      expect(Object.fromEntries(spent.map(({ campaign, gbp }) => [campaign, gbp]))).toEqual(marketing.spend);
      const byCampaign = await platform.json<Row[]>('metric', 'last_touch_revenue', '--by', 'campaign');
      const creditOf = (name: unknown) =>
        marketing.attribution.reduce((sum, row) => sum + (row.campaign === name ? Number(row.last_touch) : 0), 0);
      for (const { campaign, last_touch_revenue } of byCampaign)
        expect(Number(last_touch_revenue)).toBeCloseTo(creditOf(campaign), 3);
    });

    test('gather page views into files, each in silver once, whoever they tell of a token', async () => {
      const [counted] = await platform.query(`
        select (select count(*) from commerce_bronze.page_views) as sent_views, count(*) as views,
               bool_and(visitor_id like 'tok_%' and coalesce(customer_id, 'tok_') like 'tok_%') as tokens
        from commerce_silver.page_views`);
      const { views: all, sent_views } = marketing;
      expect(counted).toEqual({ sent_views, views: all, tokens: true });
    });

    test('show cancellations, and customers as tokens only', async () => {
      const [counted] = await platform.query(`
        select count(distinct order_id) filter (is_cancellation) as cancellations,
               count(*) filter (customer_id is null) as lines_without_customer,
               count(distinct customer_id) as customers,
               count(*) filter (regexp_matches(customer_id, '^\\d+(\\.\\d+)?$')) as readable_customers
        from commerce_gold.gold_fact_sales`);
      const { cancellations, lines_without_customer, customers } = totals;
      expect(counted).toEqual({ cancellations, lines_without_customer, customers, readable_customers: 0 });
      const [contacts] = await platform.query(`
        select (select count(distinct customer_id)::int from commerce_gold.gold_fact_sales
                join commerce_gold.gold_dim_customers using (customer_id)) as buyers,
               (select count(*) filter (regexp_matches(b::varchar, '@|7700 900|Specimen|Mockford'))::int
                from commerce_bronze.customers b) as readable,
               (select count(*) filter (regexp_matches(c::varchar, 'Sample|example|tok_.*tok_'))::int
                from commerce_gold.gold_dim_customers c) as told`);
      expect(contacts).toEqual({ buyers: customers, readable: 0, told: 0 });
    });

    test('lie in bronze as Delta that delta-rs, DuckDB and Spark read with equal counts and sums', async () => {
      const location = await platform.location('commerce_bronze', 'orders');
      const counts = await platform.python<Record<string, Row>>('read_bronze.py', location);
      expect(counts['delta-rs']).toMatchObject({ events: totals.invoices, lines: totals.lines });
      expect(counts.duckdb).toEqual(counts['delta-rs']);
      expect(counts.spark).toEqual(counts['delta-rs']);
    });
  });

  describe('the same days once more', () => {
    test('change nothing in gold, and are counted as duplicates', async () => {
      const before = await platform.goldFingerprint();
      const { events } = await platform.sendAndWait(...files);
      const all = 2 * totals.invoices + others;
      expect(events).toEqual({ sent: all, landed: all, quarantined: 0 });
      expect(await platform.goldFingerprint()).toEqual(before);
      const [counted] = await platform.query(
        'select count(*) - count(distinct _event_id) as duplicates from commerce_bronze.orders',
      );
      expect(counted).toEqual({ duplicates: totals.invoices });
    });

    test('leave nothing to do: a further run starts no Spark job', async () => {
      const jobs = await platform.sparkJobs();
      const [plan] = await platform.json<{ tables: { action: string; why: string }[] }[]>('plan', 'commerce');
      expect(new Set(plan?.tables.map(({ action }) => action))).toEqual(new Set(['skip']));
      expect(plan?.tables.map(({ why }) => why)).toContain('what consumers see holds all of silver');
      const run = await platform.json<RunItem>('run', '--wait');
      expect(run.status).toBe('nothing-to-do');
      expect(await platform.sparkJobs()).toEqual(jobs);
    });
  });
}
