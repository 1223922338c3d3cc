import fc from 'fast-check';
import type { ScalarType } from '../../../lib/contract/contract.ts';
import { scalarOf } from '../../../lib/landing/read-scalar.ts';

const read = (type: ScalarType, found: unknown) => scalarOf(type).read(found);

test.each<[ScalarType, unknown, unknown]>([
  ['string', 'Zürich 🧾', 'Zürich 🧾'],
  ['string', '', ''],
  ['int', -2147483648, -2147483648],
  ['int', 2147483647, 2147483647],
  ['long', 9007199254740991, 9007199254740991n],
  ['long', '9223372036854775807', 9223372036854775807n],
  ['long', '-9223372036854775808', -9223372036854775808n],
  ['double', 1.5, 1.5],
  ['boolean', false, false],
  ['date', '1970-01-02', 1],
  ['date', '2012-02-29', 15399],
  ['date', '0001-01-01', -719162],
  ['timestamp', '1970-01-01T00:00:00.000001Z', 1n],
  ['timestamp', '2010-12-01T09:26:00+01:00', 1291191960000000n],
  ['timestamp', '1969-12-31T23:59:59.9999999Z', -1n],
  ['decimal(18,4)', '2.55', 25500n],
  ['decimal(18,4)', '-0.0001', -1n],
  ['decimal(18,4)', '-0', 0n],
  ['decimal(18,4)', '0002.5500000', 25500n],
  ['decimal(4,4)', '0.1234', 1234n],
  ['decimal(3,0)', '-999', -999n],
  ['decimal(38,0)', '9'.repeat(38), 10n ** 38n - 1n],
])('%s takes %j', (type, found, value) => {
  expect(read(type, found)).toBe(value);
});

test.each<[ScalarType, unknown]>([
  ['string', 1],
  ['string', '\ud800'],
  ['int', '1'],
  ['int', 1.5],
  ['int', 2147483648],
  ['int', -2147483649],
  ['long', 2 ** 53],
  ['long', '9223372036854775808'],
  ['long', '1.0'],
  ['long', ''],
  ['double', '1.5'],
  ['double', Number.POSITIVE_INFINITY],
  ['boolean', 'true'],
  ['boolean', 1],
  ['date', '2011-02-29'],
  ['date', '2011-1-4'],
  ['date', '0000-01-01'],
  ['date', '2011-01-04T00:00:00Z'],
  ['timestamp', '2010-12-01T08:26:00'],
  ['timestamp', '2010-12-01 08:26:00Z'],
  ['timestamp', '2010-12-01T24:00:00Z'],
  ['timestamp', '2010-11-31T08:26:00Z'],
  ['timestamp', 1291191960],
  ['decimal(18,4)', 2.55],
  ['decimal(18,4)', '2.55555'],
  ['decimal(18,4)', '123456789012345'],
  ['decimal(18,4)', '1e3'],
  ['decimal(18,4)', '.5'],
  ['decimal(18,4)', '5.'],
  ['decimal(18,4)', '+5'],
  ['decimal(18,4)', '2,55'],
  ['decimal(18,4)', ' 2.55'],
  ['decimal(18,4)', ''],
])('%s refuses %j', (type, found) => {
  expect(read(type, found)).toBeUndefined();
});

test('every decimal that fits is read exactly', () => {
  const unscaled = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });
  fc.assert(
    fc.property(unscaled, (value) => {
      const digits = String(value < 0n ? -value : value).padStart(5, '0');
      const text = `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
      expect(read('decimal(18,4)', text)).toBe(value);
    }),
  );
});

test('every instant is read exactly, whatever its zone', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0002-01-01'), max: new Date('9998-01-01'), noInvalidDate: true }), (date) => {
      const micros = BigInt(date.getTime()) * 1000n;
      expect(read('timestamp', date.toISOString())).toBe(micros);
      const inTokyo = new Date(date.getTime() + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
      expect(read('timestamp', inTokyo)).toBe(micros);
    }),
  );
});

test('a type that no release knows is a fault of the contract', () => {
  expect(() => scalarOf('money' as ScalarType)).toThrow("unknown column type 'money'; rebuild contracts.json");
});
