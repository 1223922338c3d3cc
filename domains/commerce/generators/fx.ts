import type { Generate } from '../../../lib/source/generate.ts';
import { Random } from '../../../lib/source/random.ts';

/** Countries of the rates' file, and about how many units of their currency a US dollar is. */
const UNITS_PER_USD: readonly (readonly [country: string, units: number])[] = [
  ['Australia', 1.5],
  ['Canada', 1.35],
  ['Denmark', 6.8],
  ['Euro', 0.91],
  ['Japan', 148],
  ['Norway', 10.6],
  ['Sweden', 10.4],
  ['Switzerland', 0.88],
  ['United Kingdom', 0.79],
];
/** How far a rate swings to either side, over how many months, and how much it trembles. */
const SWING = { share: 0.08, months: 43, noise: 0.01 } as const;

/** Rates of each month that the days touch, in the columns of the public monthly file. */
export const generate: Generate = function* ({ from, to, seed }) {
  yield 'Date,Country,Exchange rate';
  for (let month = monthOf(from); month <= monthOf(to); month += 1)
    for (const [place, [country, units]] of UNITS_PER_USD.entries())
      yield `${firstDayOf(month)},${country},${rateOf(units, month, place, seed)}`;
};

/** Months since the year 0, so that they can be counted. */
const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

const firstDayOf = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;

/** Each rate has randomness of its own: it is the same whatever month the file begins with. */
function rateOf(units: number, month: number, place: number, seed: number): string {
  const random = new Random(seed * 1_000_003 + month * 101 + place);
  const swing = SWING.share * Math.sin((2 * Math.PI * (month + 7 * place)) / SWING.months);
  return (units * (1 + swing + SWING.noise * (2 * random.next() - 1))).toFixed(4);
}
