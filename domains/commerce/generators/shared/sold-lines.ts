import type { FileRow } from '../../../../lib/source/read-value.ts';

/** A line of the shop's file that sold something. */
export interface SoldLine {
  readonly product: string;
  readonly description: string;
  readonly price: string;
  readonly customer: string;
  readonly country: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Lines that were sold at a price; other rows are notes of the stock room, fees taken back and the like. */
export function soldLines(rows: readonly FileRow[]): SoldLine[] {
  const wrong = rows.find((row) => row.StockCode === undefined || row.CustomerID === undefined);
  if (wrong)
    throw new Error(
      `--data: found the columns ${Object.keys(wrong).join(', ')}; allowed: files of the shop, with StockCode and CustomerID`,
    );
  return rows.filter(({ Quantity, UnitPrice }) => Number(Quantity) > 0 && Number(UnitPrice) > 0).map(lineOf);
}

const lineOf = (row: FileRow): SoldLine => ({
  product: row.StockCode ?? '',
  description: (row.Description ?? '').trim(),
  price: row.UnitPrice ?? '',
  customer: (row.CustomerID ?? '').replace(/\.0$/, ''),
  country: (row.Country ?? '').trim(),
  at: Date.parse(`${(row.InvoiceDate ?? '').replace(' ', 'T')}Z`),
});

/** What was said most often; of equally often said, the first in the alphabet. */
export function usual(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[most = ''] = []] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return most;
}
