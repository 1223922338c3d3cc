// What stands in the data of shops and clinics and is no personal value, however much it looks like one.
import { grouped, type Sample } from './sample.ts';
import { MAKERS } from './true-values.ts';

type Maker = (sample: Sample) => string;

const hex = (sample: Sample, length: number) => sample.of('0123456789abcdef', length);
const two = (sample: Sample, low: number, high: number) => String(sample.between(low, high)).padStart(2, '0');
const dateOf = (sample: Sample) => `20${two(sample, 10, 26)}-${two(sample, 1, 12)}-${two(sample, 1, 28)}`;
const timeOf = (sample: Sample) => `${two(sample, 0, 23)}:${two(sample, 0, 59)}:${two(sample, 0, 59)}`;

/** The last digit or letter of a right value, changed for another one. */
function spoilt(value: string, sample: Sample): string {
  const at = [...value].findLastIndex((sign) => /[0-9A-Z]/.test(sign));
  const alphabet = /\d/.test(value[at] as string) ? '0123456789' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const other = sample.of(alphabet.replace(value[at] as string, ''), 1);
  return value.slice(0, at) + other + value.slice(at + 1);
}

const spoiltOf =
  (kind: 'card' | 'iban' | 'uk_nhs' | 'de_tax_id' | 'fr_nir' | 'it_fiscal_code' | 'es_dni'): Maker =>
  (sample) => {
    const { value, name } = MAKERS[kind](sample);
    return name ? `${name} ${spoilt(value, sample)}` : spoilt(value, sample);
  };

const LOOKALIKES: readonly Maker[] = [
  spoiltOf('card'),
  spoiltOf('iban'),
  spoiltOf('uk_nhs'),
  spoiltOf('de_tax_id'),
  spoiltOf('fr_nir'),
  spoiltOf('it_fiscal_code'),
  spoiltOf('es_dni'),
  (sample) => `${sample.one(['000', '666', '900'])}-${two(sample, 1, 99)}-${sample.digits(4)}`, // no area of the US
  (sample) => `${sample.digits(5)}-${sample.digits(4)}`, // ZIP+4
  (sample) => `order ${sample.digits(sample.between(6, 12))}`,
  (sample) => `#${sample.digits(sample.between(13, 19))}`,
  (sample) => `${sample.of('ABCDEFGHKLMNP', 2)}-${sample.digits(4)}-${sample.of('STUVWXYZ', 2)}`,
  (sample) => `${sample.of('ABCDEFGH', 3)}${sample.digits(7)}`,
  dateOf,
  (sample) => `${dateOf(sample)}T${timeOf(sample)}.${sample.digits(3)}Z`,
  (sample) => dateOf(sample).split('-').reverse().join('.'),
  timeOf,
  (sample) => String(1_700_000_000 + sample.below(100_000_000)), // seconds since 1970
  (sample) => String(1_700_000_000_000 + sample.below(1e9) * 100),
  (sample) => hex(sample, 32),
  (sample) => hex(sample, 40),
  (sample) => hex(sample, 64),
  (sample) => grouped(hex(sample, 32), [8, 4, 4, 4, 12], '-'),
  (sample) => `${sample.digits(3)}.${sample.digits(16)}`,
  (sample) => `${sample.digits(2)},${sample.digits(2)}`,
  (sample) => `-0.${sample.digits(15)}`,
  (sample) => `${sample.between(1, 9)}.${sample.below(20)}.${sample.below(10)}.${sample.below(10)}`, // a version
  (sample) => `v${sample.between(1, 20)}.${sample.below(20)}.${sample.below(100)}`,
  (sample) => `10.${sample.below(256)}.${sample.below(256)}.${sample.below(256)}`,
  (sample) => `192.168.${sample.below(256)}.${sample.below(256)}`,
  (sample) => `4${sample.digits(12)}`, // an EAN
  (sample) => `35${sample.digits(13)}`, // an IMEI
  (sample) => `978-${sample.digits(1)}-${sample.digits(3)}-${sample.digits(5)}-${sample.digits(1)}`,
  (sample) => `1Z${sample.of('ABCDEFGH', 3)}${sample.digits(13)}`, // a parcel
  (sample) => `${sample.digits(3)} x ${sample.digits(2)} cm`,
  (sample) => `logo@2x.png ${sample.digits(4)}x${sample.digits(3)}`,
  (sample) => `react@${sample.between(1, 19)}.${sample.below(9)}.0`,
  (sample) => `@user${sample.digits(3)} git@github.com:a/b`,
  (sample) => `52.${sample.digits(6)}, 13.${sample.digits(6)}`, // a place
  (sample) => `tok_${hex(sample, 32)}`,
];

export const lookalike = (sample: Sample): string => sample.one(LOOKALIKES)(sample);
