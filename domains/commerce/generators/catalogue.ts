import { csvLine, type Generate } from '../../../lib/source/generate.ts';
import { Random } from '../../../lib/source/random.ts';
import { type SoldLine, soldLines, usual } from './shared/sold-lines.ts';

interface Product {
  readonly code: string;
  readonly description: string;
  /** In pounds. */
  readonly price: number;
}

/** A row of the catalogue before it is written down; the day counts from the first one of its edition. */
interface Entry {
  readonly day: number;
  readonly status: 'listed' | 'withdrawn';
  readonly description: string;
  readonly price: number | null;
}

/** Shares of codes in an edition, and of codes at all. */
const SHARES = {
  withoutEntry: 0.04,
  repriced: 0.4,
  changedWithin: 0.1,
  withdrawn: 0.01,
  saidTwice: 0.005,
  blank: 0.02,
  careless: 0.06,
  withoutPrice: 0.005,
} as const;

/** The chapter of a product by a word of its description. */
const CHAPTERS: readonly (readonly [word: RegExp, chapter: string])[] = [
  [/CHRISTMAS|ADVENT|SNOW|REINDEER/i, 'Christmas'],
  [/MUG|CUP|TEA|CAKE|JAM|KITCHEN|BAKING|BOWL|PLATE|CUTLERY/i, 'Kitchen'],
  [/BAG|PURSE|UMBRELLA|JEWEL|NECKLACE|BRACELET|EARRING/i, 'Bags and Jewellery'],
  [/LIGHT|LANTERN|CANDLE|LAMP/i, 'Lights'],
  [/CARD|WRAP|RIBBON|PAPER|NOTEBOOK|PENCIL/i, 'Paper'],
  [/GARDEN|PLANT|FLOWER|BIRD/i, 'Garden'],
];

/** The catalogue appears in January and in July: all entries of the editions that the days touch, up to the last day. */
export const generate: Generate = function* ({ from, to, seed, data }) {
  yield 'Entry,Code,Listed,Status,Description,Category,List price,Currency';
  const products = data.length > 0 ? productsOf(soldLines(data)) : madeUpProducts();
  for (let edition = editionOf(from); edition <= editionOf(to); edition += 1)
    for (const [index, product] of products.entries())
      if (!Random.of(seed, product.code).chance(SHARES.withoutEntry))
        yield* linesOf(product, edition, (edition * 100_000 + index) * 10, seed, to);
};

/** Half-years since the year 0. */
const editionOf = (day: string): number => Number(day.slice(0, 4)) * 2 + (Number(day.slice(5, 7)) > 6 ? 1 : 0);

const firstDayOf = (edition: number): number => Date.UTC(Math.floor(edition / 2), edition % 2 ? 6 : 0, 1, 6);

/** Each product has randomness of its own in each edition: its entries are the same whatever the file begins with. */
function* linesOf(product: Product, edition: number, firstNo: number, seed: number, to: string): Iterable<string> {
  const random = Random.of(seed, `${product.code}/${edition}`);
  const category = CHAPTERS.find(([word]) => word.test(product.description))?.[1] ?? 'Gifts';
  for (const [index, { day, status, description, price }] of entriesOf(product, edition, random).entries()) {
    const listed = new Date(firstDayOf(edition) + day * 86_400_000).toISOString().slice(0, 16).replace('T', ' ');
    const chapter = random.chance(SHARES.careless) ? ` ${category.toUpperCase()}` : category;
    const money = price === null ? ['', ''] : [price.toFixed(2), 'GBP'];
    if (listed.slice(0, 10) <= to)
      yield csvLine([firstNo + index, product.code, listed, status, description, chapter, ...money]);
  }
}

function entriesOf(product: Product, edition: number, random: Random): Entry[] {
  const price = random.chance(SHARES.repriced) ? product.price * (0.88 + 0.3 * random.next()) : product.price;
  const first: Entry = {
    day: 0,
    status: 'listed',
    description: said(product.description, random),
    price: random.chance(SHARES.withoutPrice) ? null : price,
  };
  const entries = [first];
  if (random.chance(SHARES.saidTwice)) entries.push({ ...first, price: price * 1.1 });
  if (random.chance(SHARES.changedWithin))
    entries.push({ ...first, day: random.between(1, 170), price: price * (0.9 + 0.2 * random.next()) });
  if (edition % 2 === 0 && /CHRISTMAS/i.test(product.description))
    entries.push({ ...first, day: 2, price: price * 0.7 }, { ...first, day: 31, price });
  if (random.chance(SHARES.withdrawn))
    entries.push({ day: random.between(171, 180), status: 'withdrawn', description: '', price: null });
  return entries;
}

/** Somebody types it: now and then in another way, or not at all. */
function said(description: string, random: Random): string {
  if (random.chance(SHARES.blank)) return '';
  if (!random.chance(SHARES.careless)) return description;
  const careless = [`${description}.`, description.toLowerCase(), description.replaceAll(' ', '  ')] as const;
  return random.pick([`${description} `, ...careless]);
}

/** What was sold, with its usual name and price, by code. Services have no digit in front, and no place in a catalogue. */
function productsOf(lines: readonly SoldLine[]): Product[] {
  const byCode = new Map<string, SoldLine[]>();
  for (const line of lines.filter(({ product }) => /^\d/.test(product))) {
    const own = byCode.get(line.product);
    if (own) own.push(line);
    else byCode.set(line.product, [line]);
  }
  const codes = [...byCode].sort(([a], [b]) => (a < b ? -1 : 1));
  const sold = codes.map(([code, own]) => ({
    code,
    description: usual(own.map(({ description }) => description)),
    price: Number(usual(own.map(({ price }) => price))),
  }));
  return [...sold, ...madeUpProducts(20, 'NEW-')];
}

const LOOKS = ['RED', 'BLUE', 'VINTAGE', 'WOODEN', 'CHRISTMAS'] as const;
const THINGS = ['MUG', 'LANTERN', 'GIFT BAG', 'BIRD FEEDER', 'CARD SET', 'CAKE STAND', 'DOOR SIGN'] as const;

/** Products that never were. */
const madeUpProducts = (count = 300, prefix = ''): Product[] =>
  Array.from({ length: count }, (_, index) => ({
    code: `${prefix}${20_000 + index}`,
    description: `${LOOKS[index % LOOKS.length]} ${THINGS[index % THINGS.length]} NO ${index + 1}`,
    price: 0.65 + (((index * 7) % 40) * (index % 9)) / 10,
  }));
