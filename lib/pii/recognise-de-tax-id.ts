import { passesMod11And10 } from './check-digits.ts';
import { takeShapes } from './digit-run.ts';
import type { Finding, Word } from './finding.ts';

const SHAPES = [[2, 3, 3, 3], [11]];

/** The Steuer-ID: of the first ten digits one occurs twice or three times, the others once; the last one checks them. */
export function recogniseTaxId(word: Word): Finding | undefined {
  const number = takeShapes(word.text, word.run, SHAPES);
  if (!number) return undefined;
  const passes = number.digits[0] !== '0' && repeatsOne(number.digits) && passesMod11And10(number.digits);
  return { kind: 'de_tax_id', certainty: passes ? 'checked' : 'lookalike', from: word.from, to: number.to };
}

function repeatsOne(digits: string): boolean {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10; i++) counts[Number(digits[i])] = (counts[Number(digits[i])] as number) + 1;
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] as number) <= 3;
}
