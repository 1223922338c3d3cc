import { findGenerator } from '../../cli/generate/find-generator.ts';
import { PROJECT } from '../../cli/shared/project.ts';
import type { FileRow } from '../../lib/source/read-value.ts';

interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly seed?: number;
  readonly data?: readonly FileRow[];
}

async function generated(source: string, wish: Wish): Promise<string[]> {
  const generate = await findGenerator(PROJECT, source);
  return [...generate({ from: '2010-12-01', to: '2011-02-28', seed: 1, data: [], ...wish })];
}

const sold = (product: string, customer: string, day: string, fields: FileRow = {}): FileRow => ({
  InvoiceNo: '1',
  StockCode: product,
  Description: `THING ${product} `,
  Quantity: '2',
  InvoiceDate: `${day} 10:00:00`,
  UnitPrice: '2.5',
  CustomerID: customer && `${customer}.0`,
  Country: 'France',
  ...fields,
});

test('a source that has no generator is refused, with those that have one', async () => {
  await expect(findGenerator(PROJECT, 'fxx')).rejects.toThrow(/^generator 'fxx' is unknown; .*; did you mean 'fx'\?$/);
});

describe('generated rates', () => {
  test('are those of each month that the days touch, in the columns of the monthly file', async () => {
    const [header, ...lines] = await generated('fx', { from: '2025-12-31', to: '2026-02-01' });
    expect(header).toBe('Date,Country,Exchange rate');
    expect(new Set(lines.map((line) => line.slice(0, 10)))).toEqual(
      new Set(['2025-12-01', '2026-01-01', '2026-02-01']),
    );
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d{2}-01,[A-Z][A-Za-z ]+,\d+\.\d{4}$/);
    expect(new Set(lines).size).toBe(lines.length);
  });

  test('are the same for the same seed, whatever month they begin with, and others for another', async () => {
    const [, ...year] = await generated('fx', { from: '2026-01-01', to: '2026-12-31' });
    const autumn = { from: '2026-09-10', to: '2026-11-02' };
    const [, ...months] = await generated('fx', autumn);
    expect(year.filter((line) => /^2026-(09|10|11)/.test(line))).toEqual(months);
    expect(await generated('fx', { ...autumn, seed: 2 })).not.toEqual(await generated('fx', autumn));
  });

  test('stay near what they are about', async () => {
    const lines = await generated('fx', { from: '2000-01-01', to: '2030-12-31' });
    const euros = lines.filter((line) => line.includes('Euro'));
    for (const line of euros) expect(Math.abs(Number(line.split(',')[2]) / 0.91 - 1)).toBeLessThan(0.1);
    expect(new Set(euros.map((line) => line.split(',')[2])).size).toBeGreaterThan(euros.length / 2);
  });
});

describe('a generated catalogue', () => {
  test('holds the editions that the days touch, the same for the same seed whatever edition it begins with', async () => {
    const [header, ...lines] = await generated('catalogue', {});
    expect(header).toBe('Entry,Code,Listed,Status,Description,Category,List price,Currency');
    expect(lines.map((line) => line.split(',')[2]).sort()[0]).toBe('2010-07-01 06:00');
    const [, ...second] = await generated('catalogue', { from: '2011-01-31' });
    expect(lines.filter((line) => line.split(',')[2]! >= '2011')).toEqual(second);
    expect(await generated('catalogue', { seed: 2 })).not.toEqual([header, ...lines]);
  });

  test('numbers its entries, is dirty as real ones are, and ends with the last day', async () => {
    const rows = (await generated('catalogue', { to: '2011-12-31' })).slice(1).map((line) => line.split(','));
    expect(new Set(rows.map(([entry]) => entry)).size).toBe(rows.length);
    const instants = new Set(rows.map(([, code, listed]) => `${code} ${listed}`));
    expect(instants.size).toBeLessThan(rows.length); // some contradict each other
    for (const status of ['listed', 'withdrawn']) expect(rows.map(([, , , found]) => found)).toContain(status);
    expect(rows.filter(([, , , status, text]) => status === 'listed' && text === '').length).toBeGreaterThan(5);
    const early = await generated('catalogue', { to: '2010-12-31' });
    expect(early.slice(1).every((line) => line.split(',')[2]! < '2011')).toBe(true);
  });

  test('fits the orders of a shop: their codes but services and a few that it lacks, with their usual names and prices', async () => {
    const codes = Array.from({ length: 200 }, (_, index) => `${21_000 + index}`);
    const data = [...codes, 'POST'].flatMap((code) => [
      sold(code, '12345', '2010-12-01'),
      sold(code, '', '2010-12-02'),
      sold(code, '', '2010-12-03', { Description: 'damaged', UnitPrice: '0.0' }),
    ]);
    const rows = (await generated('catalogue', { data })).map((line) => line.split(','));
    const listed = new Set(rows.map(([, code = '']) => code));
    expect(listed.has('POST')).toBe(false);
    const missing = codes.filter((code) => !listed.has(code));
    expect(missing.length).toBeGreaterThan(1);
    expect(missing.length).toBeLessThan(20);
    const [own] = codes.filter((code) => listed.has(code));
    expect(rows.filter(([, code, , status]) => code === own && status === 'listed').map((row) => row[4])).toContain(
      `THING ${own}`,
    );
    expect(rows.some(([, code = '']) => code.startsWith('NEW-'))).toBe(true); // nobody has bought it yet
  });

  test('of files that are not of the shop is refused, with what they hold', async () => {
    await expect(generated('catalogue', { data: [{ Date: '2011-01-01', Country: 'Euro' }] })).rejects.toThrow(
      '--data: found the columns Date, Country; allowed: files of the shop, with StockCode and CustomerID',
    );
  });
});

describe('generated changes of a CRM', () => {
  const buyers = Array.from({ length: 300 }, (_, index) => `${12_000 + index}`);
  const data = buyers.map((buyer) => sold('21000', buyer, '2010-12-10'));
  const changesOf = async (wish: Wish) => (await generated('crm', wish)).slice(1).map((line) => line.split(','));

  test('are numbered in the order of their times, and the same whatever day they begin with', async () => {
    const all = await generated('crm', { data });
    expect(all[0]).toBe('Change,Changed,Operation,Customer,Name,Email,Email class,Phone,Country,Consent,Stage');
    const numbers = all.slice(1).map((line) => Number(line.split(',')[0]));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const january = await generated('crm', { data, from: '2011-01-10', to: '2011-01-20' });
    expect(all.filter((line) => /^\d+,2011-01-(1\d|20)/.test(line))).toEqual(january.slice(1));
    expect(await generated('crm', { data, seed: 2 })).not.toEqual(all);
  });

  test('bring buyers about when they first order, but a few never, and some of them change or are deleted', async () => {
    const changes = await changesOf({ data });
    const inserted = new Map(changes.filter((row) => row[2] === 'insert').map((row) => [row[3], row[1]]));
    const known = buyers.filter((buyer) => inserted.has(buyer));
    expect(known.length).toBeGreaterThan(270);
    expect(known.length).toBeLessThan(300);
    for (const buyer of known) expect(inserted.get(buyer)).toMatch(/^2010-12-1[0-3]/);
    expect(known.some((buyer) => inserted.get(buyer)! > '2010-12-10 10:00')).toBe(true);
    for (const operation of ['update', 'delete']) expect(changes.map((row) => row[2])).toContain(operation);
    expect(changes.some((row) => row[3]?.startsWith('P'))).toBe(true); // who writes, and buys nothing
  });

  test('are of nobody: addresses, numbers and names that cannot be anybody’s', async () => {
    for (const [, , operation, , name, email, , phone] of await changesOf({ data })) {
      if (operation === 'delete') expect([name, email, phone]).toEqual(['', '', '']);
      else {
        expect(name).toMatch(/ (Sample|Specimen|Mockford|Placeholder|O'Test|Dummy-Example)$/);
        expect(email).toMatch(/^(|[\w.-]+@(mail\.example\.com|firm-\d+\.example\.net))$/);
        expect(phone).toMatch(/^\+44 7700 900\d{3}$/);
      }
    }
  });
});

interface View {
  readonly view_id: string;
  readonly visitor_id: string | null;
  readonly customer_id: string | null;
  readonly viewed_at: string;
  readonly user_agent: string;
  readonly utm_campaign?: string;
  readonly click_id?: string;
}
const viewsOf = async (from: string, to: string, data: FileRow[] = []): Promise<View[]> =>
  (await generated('web', { from, to, data })).map((line) => JSON.parse(line));

/** Orders of one customer each, a few a day. */
const orders: FileRow[] = Array.from({ length: 60 }, (_, n) => ({
  InvoiceNo: String(536_365 + n),
  CustomerID: `${12_000 + n}.0`,
  InvoiceDate: `2011-01-${10 + (n % 20)} 12:00:00`,
}));

describe('generated page views', () => {
  test('lead up to the orders that they have to fit: who buys has logged in before', async () => {
    const views = await viewsOf('2010-11-25', '2011-01-31', [
      ...orders,
      { InvoiceNo: 'C1', CustomerID: '9.0', InvoiceDate: '2011-01-10 12:00:00' },
      { InvoiceNo: '7', CustomerID: '', InvoiceDate: '2011-01-10 12:00:00' },
    ]);
    for (const { CustomerID = '', InvoiceDate = '' } of orders) {
      const own = views.filter(({ customer_id }) => `${customer_id}.0` === CustomerID);
      expect(own.length).toBeGreaterThan(0);
      for (const { viewed_at } of own) expect(viewed_at < InvoiceDate.replace(' ', 'T')).toBe(true);
    }
    expect(views.filter(({ customer_id }) => customer_id === '9' || customer_id === '')).toEqual([]);
    const touches = views.filter(({ utm_campaign, click_id }) => utm_campaign ?? click_id);
    expect(new Set(touches.map(({ utm_campaign }) => utm_campaign?.trim().toLowerCase())).size).toBeGreaterThan(6);
    expect(touches.some(({ utm_campaign }) => utm_campaign === undefined)).toBe(true);
  });

  test('are the same in every range that has their day, in the order of their visits', async () => {
    const [month, week] = [
      await viewsOf('2011-01-01', '2011-01-31', orders),
      await viewsOf('2011-01-09', '2011-01-15', orders),
    ];
    const ids = new Set(week.map(({ view_id }) => view_id));
    expect(month.filter(({ view_id }) => ids.has(view_id))).toEqual(week);
  });

  test('have robots, browsers without cookies, views that are sent twice, and more before Christmas', async () => {
    const [summer, winter] = [await viewsOf('2010-08-01', '2010-08-31'), await viewsOf('2010-11-01', '2010-11-30')];
    const all = [...summer, ...winter];
    expect(winter.length).toBeGreaterThan(1.5 * summer.length);
    expect(all.filter(({ user_agent }) => user_agent.includes('Bot')).length).toBeGreaterThan(20);
    expect(all.some(({ visitor_id }) => visitor_id === null)).toBe(true);
    expect(new Set(all.map(({ view_id }) => view_id)).size).toBeLessThan(all.length);
  });
});

describe('generated spend', () => {
  test('is of the campaigns that run on each day, small shares of it badly written', async () => {
    const [header, ...lines] = await generated('ads', { to: '2011-01-31' });
    expect(header).toBe('Date,Campaign,Channel,Impressions,Clicks,Spend GBP');
    const of = (day: string) =>
      lines.filter((line) => line.startsWith(day)).map((line) => line.split(',')[1]?.trim().toLowerCase());
    expect(of('2010-12-15')).toContain('christmas');
    expect(of('2010-12-15')).not.toContain('january_sale');
    expect(of('2011-01-15')).toContain('january_sale');
    expect(lines.some((line) => /, [A-Z_]+,/.test(line))).toBe(true);
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d{2}-\d{2}, ?\w+,\w+,\d+,\d+,-?\d+\.\d{2}$/);
    expect(await generated('ads', { to: '2011-01-31', seed: 2 })).not.toEqual([header, ...lines]);
  });
});
