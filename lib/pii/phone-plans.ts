/** Digits after the country's code: shortest and longest. */
type Lengths = readonly [shortest: number, longest: number];

const ANY: Lengths = [7, 12];

/** Plans that are narrower than what E.164 allows, by country code. */
const PLANS: Readonly<Record<string, Lengths>> = {
  1: [10, 10],
  7: [10, 10],
  20: [8, 10],
  27: [9, 9],
  30: [10, 10],
  31: [9, 9],
  32: [8, 9],
  33: [9, 9],
  34: [9, 9],
  36: [8, 9],
  39: [6, 11],
  40: [9, 9],
  41: [9, 9],
  43: [7, 12],
  44: [9, 10],
  45: [8, 8],
  46: [7, 9],
  47: [8, 8],
  48: [9, 9],
  49: [7, 11],
  52: [10, 10],
  55: [10, 11],
  61: [9, 9],
  64: [8, 10],
  65: [8, 8],
  81: [9, 10],
  82: [8, 10],
  86: [9, 11],
  90: [10, 10],
  91: [10, 10],
  351: [9, 9],
  352: [6, 11],
  353: [7, 9],
  358: [7, 12],
  420: [9, 9],
  972: [8, 9],
};

/** Country codes of E.164. */
const TWO_DIGITS = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
);
/** First two digits of those that have three. */
const THREE_DIGITS = new Set('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 85 88 96 97 99'.split(' '));

/** How many digits a number with this beginning has, its country's code included; undefined when no country has it. */
export function internationalLengths(digits: string): Lengths | undefined {
  const code = codeOf(digits);
  if (code === undefined) return undefined;
  const [shortest, longest] = PLANS[code] ?? ANY;
  return [code.length + shortest, code.length + longest];
}

function codeOf(digits: string): string | undefined {
  const [one = '', two] = [digits[0], digits.slice(0, 2)];
  if (one === '1' || one === '7') return one;
  if (TWO_DIGITS.has(two)) return two;
  return THREE_DIGITS.has(two) ? digits.slice(0, 3) : undefined;
}

/** As numbers are dialled within a country. */
const NATIONAL = [
  /^1?[2-9]\d\d[2-9]\d{6}$/, // United States, Canada
  /^0[1-9]\d{8,9}$/, // United Kingdom, Germany, France, Italy: after a 0
  /^0[1-9]\d{10}$/, // Germany, mobile
  /^[6-9]\d{8}$/, // Spain
  /^3\d{8,9}$/, // Italy, mobile
];

export const isNational = (digits: string): boolean => NATIONAL.some((plan) => plan.test(digits));
