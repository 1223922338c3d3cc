// Made-up values that are right, computed by other means than the recognisers': check digits are found by trying them, or with whole numbers of any size.
import type { Kind } from '../../lib/pii/finding.ts';
import { grouped, type Sample } from './sample.ts';

/** A value, and whether texts would name it. */
export interface Made {
  readonly value: string;
  readonly name?: string;
}

type Maker = (sample: Sample) => Made;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const checkDigit = (passes: (digit: number) => boolean): string =>
  String([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find(passes) ?? '');

const luhnSum = (digits: string): number =>
  [...digits]
    .reverse()
    .flatMap((digit, index) => [...String(Number(digit) * (index % 2 === 0 ? 1 : 2))])
    .reduce((sum, digit) => sum + Number(digit), 0);

const luhn = (start: string): string => start + checkDigit((digit) => luhnSum(start + digit) % 10 === 0);

const CARDS = [
  { prefixes: ['4'], length: 16, groups: [4, 4, 4, 4] },
  { prefixes: ['51', '52', '53', '54', '55', '2221', '2500', '2720'], length: 16, groups: [4, 4, 4, 4] },
  { prefixes: ['34', '37'], length: 15, groups: [4, 6, 5] },
  { prefixes: ['6011', '644', '65'], length: 16, groups: [4, 4, 4, 4] },
  { prefixes: ['300', '305', '36', '38'], length: 14, groups: [4, 6, 4] },
  { prefixes: ['3528', '3589'], length: 16, groups: [4, 4, 4, 4] },
] as const;

const card: Maker = (sample) => {
  const { prefixes, length, groups } = sample.one(CARDS);
  const prefix = sample.one<string>(prefixes);
  const number = luhn(prefix + sample.digits(length - 1 - prefix.length));
  return { value: sample.chance(0.5) ? number : grouped(number, groups, sample.one([' ', '-', '\u00a0'])) };
};

/** n digits, a letters, c both: as the register of ISO 13616 describes account numbers. */
const ACCOUNTS = {
  DE: '18n',
  GB: '4a14n',
  FR: '10n11c2n',
  IT: '1a10n12c',
  ES: '20n',
  NL: '4a10n',
  CH: '5n12c',
  PL: '24n',
  AT: '16n',
  BE: '12n',
  NO: '11n',
  SE: '20n',
  PT: '21n',
  MT: '4a5n18c',
  LC: '4a24c',
  SA: '2n18c',
};

const iban: Maker = (sample) => {
  const [country, form] = sample.one(Object.entries(ACCOUNTS));
  const alphabets = { n: '0123456789', a: LETTERS, c: `0123456789${LETTERS}` };
  const account = [...form.matchAll(/(\d+)([nac])/g)]
    .map(([, count, kind]) => sample.of(alphabets[kind as keyof typeof alphabets], Number(count)))
    .join('');
  const asNumber = BigInt([...`${account}${country}00`].map((sign) => Number.parseInt(sign, 36)).join(''));
  const value = `${country}${String(98n - (asNumber % 97n)).padStart(2, '0')}${account}`;
  if (sample.chance(0.5)) return { value: sample.chance(0.1) ? value.toLowerCase() : value };
  return { value: value.replace(/.{4}(?=.)/g, '$& ') };
};

const ssn: Maker = (sample) => {
  const area = sample.one([sample.between(1, 665), sample.between(667, 899)]);
  const digits = `${String(area).padStart(3, '0')}${String(sample.between(1, 99)).padStart(2, '0')}${String(sample.between(1, 9999)).padStart(4, '0')}`;
  if (sample.chance(0.8)) return { value: grouped(digits, [3, 2, 4], '-') };
  return { value: digits, name: sample.one(['SSN', 'social security number']) };
};

const nhs: Maker = (sample) => {
  const start = sample.one(['4', '6', '7', '9']) + sample.digits(8);
  const weighted = (digits: string) => [...digits].reduce((sum, digit, i) => sum + Number(digit) * (10 - i), 0);
  const digit = checkDigit((last) => weighted(`${start}${last}`) % 11 === 0);
  if (digit === '') return nhs(sample);
  const value = sample.chance(0.6) ? grouped(start + digit, [3, 3, 4], ' ') : start + digit;
  return { value, name: sample.one(['NHS number', 'NHS no', 'NHS']) };
};

const nino: Maker = (sample) => {
  const pair = sample.one(['AB', 'JK', 'SR', 'CE', 'HW', 'PY', 'TZ', 'XM']);
  const value = pair + sample.digits(6) + sample.of('ABCD', 1);
  if (sample.chance(0.5)) return { value: grouped(value, [2, 2, 2, 2, 1], ' ') };
  return { value, name: sample.one(['NINO', 'National Insurance number']) };
};

const taxId: Maker = (sample) => {
  const order = [...'0123456789'].sort(() => sample.next() - 0.5);
  const digits = [...order.slice(0, 9), order[sample.below(9)] as string].sort(() => sample.next() - 0.5);
  if (digits[0] === '0') return taxId(sample);
  const product = digits.reduce((last, digit) => ((((last + Number(digit)) % 10 || 10) * 2) % 11) as number, 10);
  const value = digits.join('') + checkDigit((digit) => (product + digit) % 10 === 1);
  return { value: sample.chance(0.5) ? value : grouped(value, [2, 3, 3, 3], ' ') };
};

const nir: Maker = (sample) => {
  const department = sample.chance(0.05) ? sample.one(['2A', '2B']) : String(sample.between(1, 95)).padStart(2, '0');
  const start = `${sample.one(['1', '2'])}${sample.digits(2)}${String(sample.between(1, 12)).padStart(2, '0')}${department}${sample.digits(6)}`;
  const number = BigInt(start.replace('2A', '19').replace('2B', '18'));
  const value = start + String(97n - (number % 97n)).padStart(2, '0');
  return { value: sample.chance(0.5) ? value : grouped(value, [1, 2, 2, 2, 3, 3, 2], ' ') };
};

const fiscalCode: Maker = (sample) => {
  const day = String(sample.one([sample.between(1, 31), sample.between(41, 71)])).padStart(2, '0');
  const start = `${sample.of('BCDFGLMNPRSTVZ', 3)}${sample.of('BCDFGLMNPRSTVZ', 3)}${sample.digits(2)}${sample.of('ABCDEHLMPRST', 1)}${day}${sample.of('ABCDEFGHILMZ', 1)}${sample.digits(3)}`;
  // In odd places, letters count by their place in this row, and digits as the letters from A on.
  const odd = 'BAKPLCQDREVOSFTGUHMINJWZYX';
  const letterOf = (sign: string) => (LETTERS.includes(sign) ? sign : (LETTERS[Number(sign)] as string));
  const sum = [...start].reduce(
    (total, sign, i) => total + (i % 2 === 0 ? odd.indexOf(letterOf(sign)) : LETTERS.indexOf(letterOf(sign))),
    0,
  );
  return { value: start + LETTERS[sum % 26] };
};

const dni: Maker = (sample) => {
  const letters = [
    'T',
    'R',
    'W',
    'A',
    'G',
    'M',
    'Y',
    'F',
    'P',
    'D',
    'X',
    'B',
    'N',
    'J',
    'Z',
    'S',
    'Q',
    'V',
    'H',
    'L',
    'C',
    'K',
    'E',
  ];
  const isForeign = sample.chance(0.3);
  const digits = isForeign ? sample.below(3) + sample.digits(7) : sample.digits(8);
  const shown = isForeign ? `${'XYZ'[Number(digits[0])]}${digits.slice(1)}` : digits;
  const dotted = !isForeign && sample.chance(0.2) ? grouped(digits, [2, 3, 3], '.') : shown;
  return { value: `${dotted}${sample.one(['', '', '-'])}${letters[Number(BigInt(digits) % 23n)]}` };
};

const email: Maker = (sample) => {
  const first = sample.one([
    'ana',
    'j.smith',
    'li.wei',
    'pierre-yves',
    "o'neil",
    'müller',
    'sales.emea',
    'kim_lee',
    'x',
  ]);
  const local = first + sample.one(['', '', sample.digits(2), `+${sample.of('abc', 4)}`]);
  const domain = sample.one([
    'example.com',
    'mail.example.org',
    'example.co.uk',
    'exämple.de',
    'xn--exmple-cua.de',
    'a-b.example.museum',
  ]);
  return { value: `${local}@${domain}` };
};

const INTERNATIONAL = [
  { code: '44', groups: [4, 6] },
  { code: '49', groups: [3, 8] },
  { code: '33', groups: [1, 2, 2, 2, 2] },
  { code: '39', groups: [3, 7] },
  { code: '34', groups: [3, 3, 3] },
  { code: '1', groups: [3, 3, 4] },
  { code: '91', groups: [5, 5] },
  { code: '353', groups: [2, 3, 4] },
  { code: '971', groups: [2, 3, 4] },
];

const phone: Maker = (sample) => {
  if (sample.chance(0.4)) return nationalPhone(sample);
  const { code, groups } = sample.one(INTERNATIONAL);
  const number = sample.of(
    '23456789',
    groups.reduce((sum, length) => sum + length, 0),
  );
  const separator = sample.one(['', ' ', '-']);
  return { value: `+${code}${separator}${grouped(number, groups, separator)}` };
};

function nationalPhone(sample: Sample): Made {
  const area = `${sample.of('23456789', 1)}${sample.digits(2)}`;
  const american = `${sample.of('23456789', 1)}${sample.digits(2)}-${sample.digits(4)}`;
  return sample.one<Made>([
    { value: `(${area}) ${american}` },
    { value: `${area}-${american}`, name: 'phone' },
    { value: `020 7${sample.digits(3)} ${sample.digits(4)}`, name: 'tel' },
    { value: `0171 ${sample.digits(7)}`, name: 'Telefon' },
    { value: `06 ${grouped(sample.digits(8), [2, 2, 2, 2], ' ')}`, name: 'téléphone' },
    { value: `6${grouped(sample.digits(8), [2, 3, 3], ' ')}`, name: 'teléfono' },
  ]);
}

const ip: Maker = (sample) => {
  if (sample.chance(0.3)) {
    const group = () => sample.of('0123456789abcdef', 4).replace(/^0+(?=.)/, '');
    const rest = sample.chance(0.5) ? Array.from({ length: 7 }, group).join(':') : `${group()}::${group()}`;
    return { value: `2${sample.of('0123456789abcdef', 3)}:${rest}` };
  }
  const first = sample.one([sample.between(11, 99), sample.between(128, 168), sample.between(193, 223)]);
  return { value: [first, sample.between(10, 255), sample.below(256), sample.between(10, 254)].join('.') };
};

const medicalRecord: Maker = (sample) => ({
  value: sample.one([sample.digits(8), sample.digits(7), `MRN${sample.digits(7)}`]),
  name: sample.one(['MRN', 'medical record number', 'patient id', 'Fallnummer']),
});

export const MAKERS: Readonly<Record<Kind, Maker>> = {
  email,
  card,
  iban,
  us_ssn: ssn,
  uk_nhs: nhs,
  uk_nino: nino,
  de_tax_id: taxId,
  fr_nir: nir,
  it_fiscal_code: fiscalCode,
  es_dni: dni,
  phone,
  ip,
  medical_record: medicalRecord,
};
