import { Random } from '../../lib/source/random.ts';

/** One US dollar in the currencies of the tests. */
export const MADE_UP_RATES = ['2010-11', '2010-12', '2011-01', '2011-02', '2011-03'].reduce(
  (rows, month, index) =>
    `${rows}${month}-01,Euro,0.7${index}13\n${month}-01,Norway,5.9${index}\n${month}-01,United Kingdom,0.6${index}27\n`,
  'Date,Country,Exchange rate\n',
);

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/**
 * A day of a shop that never was, in the columns of the real one and with its oddities: cancellations, customers who
 * are not known, prices of zero, quoted commas, one invoice with two times. For a machine without the real days.
 * @param day ISO date; also the seed
 */
export function madeUpDay(day: string): string {
  const random = new Random(Number(day.replaceAll('-', '')));
  const invoiceLines = (_: unknown, invoice: number): string[] => {
    const isCancellation = random.chance(0.1);
    const number = `${isCancellation ? 'C' : ''}${day.slice(5).replace('-', '')}${String(invoice).padStart(3, '0')}`;
    const customer = random.chance(0.2) ? '' : `${random.between(12_000, 12_400)}.0`;
    return Array.from({ length: random.between(1, 30) }, (_line, index) => {
      const product = random.between(20_000, 20_300);
      const units = random.between(1, 24) * (isCancellation ? -1 : 1);
      const price = random.chance(0.02) ? '0.0' : `${random.between(0, 20)}.${random.between(10, 99)}`;
      const time = `${day} 1${invoice % 10}:${random.between(10, 11)}:00`;
      return `${number},${product}${index % 7 ? '' : 'A'},"SET OF ${product % 9}, ""RETRO""",${units},${time},${price},${customer},France`;
    });
  };
  return [HEADER, ...Array.from({ length: 40 }, invoiceLines).flat(), ''].join('\n');
}
