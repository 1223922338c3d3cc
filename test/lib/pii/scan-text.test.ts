import * as fc from 'fast-check';
import type { Certainty, Kind } from '../../../lib/pii/finding.ts';
import { scanText } from '../../../lib/pii/scan-text.ts';
import { cpuMillis } from '../../fixtures/cpu-millis.ts';

const told = (text: string, hint = '') =>
  scanText(text, hint)
    .filter(({ certainty }) => certainty !== 'lookalike')
    .map(({ kind, certainty, from, to }) => [kind, certainty, text.slice(from, to)]);

/** Examples that issuers and authorities have published, and others like them. */
const EXAMPLES: readonly (readonly [Kind, Certainty, value: string])[] = [
  ['email', 'checked', 'jane.doe+news@mail.example.co.uk'],
  ['email', 'checked', 'jörg@exämple.de'],
  ['email', 'checked', "o'neil@example.museum"],
  ['card', 'checked', '4111111111111111'],
  ['card', 'checked', '5555 5555 5555 4444'],
  ['card', 'checked', '3782-822463-10005'],
  ['card', 'checked', '6011000990139424'],
  ['card', 'checked', '3530111333300000'],
  ['card', 'checked', '30569309025904'],
  ['card', 'checked', '2223003122003222'],
  ['iban', 'checked', 'DE89 3704 0044 0532 0130 00'],
  ['iban', 'checked', 'GB29NWBK60161331926819'],
  ['iban', 'checked', 'FR1420041010050500013M02606'],
  ['iban', 'checked', 'NO9386011117947'],
  ['iban', 'checked', 'MT84MALT011000012345MTLCAST001S'],
  ['us_ssn', 'checked', '123-45-6789'],
  ['uk_nhs', 'possible', '943 476 5919'],
  ['uk_nino', 'checked', 'AB 12 34 56 C'],
  ['uk_nino', 'possible', 'AB123456C'],
  ['de_tax_id', 'checked', '86095742719'],
  ['de_tax_id', 'checked', '65 929 970 489'],
  ['fr_nir', 'checked', '255081416802538'],
  ['fr_nir', 'checked', '1 84 12 76 451 089 46'],
  ['it_fiscal_code', 'checked', 'MRTMTT25D09F205Z'],
  ['it_fiscal_code', 'checked', 'RSSMRA85T10A562S'],
  ['es_dni', 'checked', '12345678Z'],
  ['es_dni', 'checked', '12.345.678-Z'],
  ['es_dni', 'checked', 'X1234567L'],
  ['es_dni', 'checked', 'Y-1234567-X'],
  ['phone', 'checked', '+44 20 7946 0958'],
  ['phone', 'checked', '+14155552671'],
  ['phone', 'checked', '+44 (0)20 7946 0958'],
  ['phone', 'contextual', '(415) 555-2671'],
  ['ip', 'checked', '81.2.69.160'],
  ['ip', 'checked', '2001:db8:85a3::8a2e:370:7334'],
  ['medical_record', 'contextual', 'MRN0012345'],
];

test.each(EXAMPLES)('%s (%s) is found wherever a text has it: %s', (kind, certainty, value) => {
  const texts = [
    value,
    ` ${value}.`,
    `Ticket 77, (${value}), closed`,
    `"k":"${value}"`,
    `x=${value};`,
    `数字${' '}${value}`,
  ];
  for (const text of texts) expect(told(text)).toEqual([[kind, certainty, value]]);
});

test.each([
  ['a card whose check digit is wrong', '4111111111111112'],
  ['a card of no issuer', '1111111111111117'],
  ['a field filled with one digit', '4444444444444444 0000000000000000'],
  ['an IBAN whose check digits are wrong', 'DE88 3704 0044 0532 0130 00'],
  ['an IBAN of another length', 'DE893704004405320130001'],
  ['a social security number of no area', '000-12-3456 666-12-3456 900-12-3456'],
  ['the one that was printed on sample cards', '078-05-1120'],
  ['an NHS number whose check digit is wrong', '943 476 5918'],
  ['a tax id in which two digits repeat', '11223456786'],
  ['a fiscal code whose letter is wrong', 'RSSMRA85T10A562T'],
  ['a DNI whose letter is wrong', '12345678A'],
  ['private addresses', '10.1.2.3 192.168.1.77 172.16.4.5 127.0.0.1 fe80::1'],
  ['versions', '2.4.1.0 v10.20.30.40 1.2.3 version 11.12.13.14'],
  ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
  ['a hash', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['decimals', '0.4111111111111111 -4111111111111111.25 1,234.56'],
  ['a part of a path or a name', 'a/4111111111111111 order_4111111111111111 id-4111111111111111'],
  ['times', '2011-01-04T10:00:00.000Z 12:30:45 1700000000 1700000000000'],
  ['an EAN of 13 digits', '4006381333931'],
  ['files, packages and handles', 'logo@2x.png react@18.2.0 @somebody git@github.com:a/b user@localhost'],
  ['an address within a URL', 'https://user@example.com/path'],
  ['brackets that hold no area', '(192.168.9.10) (18 097 645 839)'],
])('%s is nothing personal', (_what, text) => {
  expect(told(text)).toEqual([]);
});

test.each([
  ['uk_nhs', 'checked', 'NHS number: ', '9434765919'],
  ['us_ssn', 'contextual', 'SSN ', '123456789'],
  ['uk_nino', 'contextual', 'National Insurance number ', 'AB123456C'],
  ['phone', 'contextual', 'Telefon ', '0171 2345678'],
  ['phone', 'contextual', 'call ', '415-555-2671'],
  ['medical_record', 'contextual', 'patient id ', '00123456'],
])('%s is %s when words before it name it', (kind, certainty, name, value) => {
  expect(told(`He said ${name}${value} and left`)).toEqual([[kind, certainty, value]]);
  expect(told(`He said ${value} and left`)).not.toEqual([[kind, certainty, value]]);
});

test('the name of a column names its values', () => {
  expect(told('415-555-2671', 'home phone')).toEqual([['phone', 'contextual', '415-555-2671']]);
  expect(told('00123456', 'mrn')).toEqual([['medical_record', 'contextual', '00123456']]);
});

test('a finding says where, and never what', () => {
  expect(scanText('to jane@example.com')).toEqual([{ kind: 'email', certainty: 'checked', from: 3, to: 19 }]);
});

test('any text is scanned to its end; what is found lies within it, one after the other', () => {
  const piece = fc.constantFrom(
    ...EXAMPLES.map(([, , value]) => value),
    '@',
    '.',
    '-',
    ' ',
    ':',
    '+',
    '(',
    '0',
    'é',
    '\ud800',
  );
  const text = fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (content) => {
      let end = 0;
      for (const { certainty, from, to } of scanText(content)) {
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(content.length);
        if (certainty === 'lookalike') continue;
        expect(from).toBeGreaterThanOrEqual(end);
        end = to;
      }
    }),
  );
});

test.each([
  ['@', 'a@'],
  ['labels without end', 'a@a.a.a.a.'],
  ['a local part without end', 'a.b_'],
  ['digits', '1'],
  ['digits in groups', '1 '],
  ['groups of a card that never ends', '4111 '],
  ['octets', '255.'],
  ['colons', '2001:'],
  ['countries', 'DE89 '],
  ['brackets', '(415)'],
  ['plus signs', '+1 '],
  ['names before nothing', 'patient id ssn phone '],
  ['one word', 'a1'],
])('300,000 characters of %s take no longer than plain text might', (_what, piece) => {
  const text = piece.repeat(300_000 / piece.length);
  expect(cpuMillis(() => scanText(text), 1000)).toBeLessThan(1000);
});
