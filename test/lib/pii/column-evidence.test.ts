import * as fc from 'fast-check';
import { Sample } from '../../../bench/pii/sample.ts';
import { MAKERS } from '../../../bench/pii/true-values.ts';
import { ColumnEvidence, hintOf } from '../../../lib/pii/column-evidence.ts';
import type { Kind } from '../../../lib/pii/finding.ts';

function judge(values: readonly string[], path = 'value') {
  const evidence = new ColumnEvidence(hintOf(path));
  for (const value of values) evidence.add(value);
  return evidence.judge();
}

const proven = (values: readonly string[], path?: string) =>
  judge(values, path).flatMap(({ kind, isProven }) => (isProven ? [kind] : []));

const many = (count: number, make: (sample: Sample) => string): string[] => {
  const sample = new Sample(77);
  return Array.from({ length: count }, () => make(sample));
};

const PROVEN: readonly Kind[] = [
  'email',
  'card',
  'iban',
  'uk_nhs',
  'de_tax_id',
  'fr_nir',
  'it_fiscal_code',
  'es_dni',
  'ip',
];

test.each(PROVEN)('a column of %s is proven, whatever its name', (kind) => {
  expect(proven(many(60, (sample) => MAKERS[kind](sample).value))).toEqual([kind]);
});

test.each([
  ['order numbers of 10 digits', (sample: Sample) => sample.digits(10)],
  ['order numbers of 11 digits', (sample: Sample) => sample.digits(11)],
  ['order numbers of 16 digits', (sample: Sample) => sample.digits(16)],
  ['order numbers of 16 digits that begin as cards do', (sample: Sample) => `4${sample.digits(15)}`],
  ['numbers of 15 digits', (sample: Sample) => sample.digits(15)],
  ['EANs', (sample: Sample) => `4${sample.digits(12)}`],
  ['codes of 8 digits and a letter', (sample: Sample) => sample.digits(8) + sample.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1)],
  [
    'codes of 2 letters, 6 digits and a letter',
    (sample: Sample) => `${sample.of('ABCDEFGH', 2)}${sample.digits(6)}${sample.of('ABCDEFGHIJKLMNOP', 1)}`,
  ],
  ['versions', (sample: Sample) => `${sample.below(9)}.${sample.below(30)}.${sample.below(9)}.${sample.below(9)}`],
  ['moments', (sample: Sample) => String(1_700_000_000 + sample.below(10_000_000))],
])('a column of %s is nothing, however many values it has', (_what, make) => {
  for (const count of [1, 3, 10, 100, 3000]) expect(proven(many(count, make), 'order_no')).toEqual([]);
});

test('one value of a few is enough where most of them hold it, and of many when they are three and more', () => {
  const plain = (count: number) => Array.from({ length: count }, () => 'thank you');
  expect(proven(['jane@example.com'])).toEqual(['email']);
  expect(proven(['jane@example.com', ...plain(1)])).toEqual(['email']);
  expect(proven(['jane@example.com', ...plain(9)])).toEqual([]);
  expect(proven(['a@example.com', 'b@example.com', 'c@example.com', ...plain(290)])).toEqual(['email']);
  expect(proven(['a@example.com', 'b@example.com', 'c@example.com', ...plain(400)])).toEqual([]);
});

test('what only its form and the name of the column speak for is told, and proves nothing', () => {
  const phones = many(50, (sample) => `415-${sample.of('23456789', 3)}-${sample.digits(4)}`);
  expect(judge(phones, 'home_phone')).toEqual([{ kind: 'phone', isProven: false, hits: 50, values: 50 }]);
  expect(
    judge(
      many(50, (sample) => sample.digits(8)),
      'patientId',
    )[0]?.kind,
  ).toBe('medical_record');
});

test('the order of the values does not matter', () => {
  const sample = new Sample(5);
  const pool = (Object.keys(MAKERS) as Kind[]).map((kind) => MAKERS[kind](sample).value);
  fc.assert(
    fc.property(fc.shuffledSubarray([...pool, ...pool, 'plain', '12']), (values) => {
      const sorted = (found: readonly string[]) =>
        judge(found)
          .map((each) => JSON.stringify(each))
          .toSorted();
      expect(sorted(values)).toEqual(sorted(values.toSorted()));
    }),
  );
});
