import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Check, Contract } from '../../../../lib/contract/contract.ts';
import { exportJsonSchema } from '../../../../lib/contract/export/export-json-schema.ts';
import { compileLanding } from '../../../../lib/landing/landing.ts';
import { compileShaper } from '../../../../lib/landing/shape-row.ts';
import { columns, sentRow } from '../../landing/every-type.ts';
import { exported, golden, READINGS } from './read-sample.ts';

/** A validator that shares no code with the gate. */
function compile(contract: Contract): (value: unknown) => boolean {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const { text } = exported(exportJsonSchema, { ...READINGS, contract });
  return ajv.compile(JSON.parse(text)) as (value: unknown) => boolean;
}

const row = (of: Contract['columns'], checks: readonly Check[] = []): Contract => ({
  ...READINGS.contract,
  columns: of,
  checks,
});

test('the schema of the sample is as it was found good', () => {
  expect(JSON.parse(exported(exportJsonSchema).text)).toEqual(JSON.parse(golden('json')));
});

test('rows as producers send them are taken, of every type', () => {
  const isValid = compile(row(columns));
  fc.assert(fc.property(sentRow, (sent) => expect(isValid(sent)).toBe(true)));
});

/** Values near the borders of what a type takes, and values that are nothing like it. */
const digits = (most: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 0, maxLength: most });
const strange = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '-', '+'), digits(21), fc.constantFrom('', '.'), digits(6))
    .map((parts) => parts.join('')),
  fc.constantFrom('9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'),
  fc.constantFrom(2 ** 31, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53, 2 ** 53 - 1, 1.5, -0),
  fc.constantFrom('2024-02-29', '2023-02-29', '0000-01-01', '0001-01-01', '2024-13-01', '2024-1-1', '2024-01-01 '),
  fc
    .tuple(
      fc.constantFrom('2024-02-29', '2023-02-30', '2024-04-31', '0000-01-01', '1969-12-31'),
      fc.constantFrom('T', 't', ' ', ''),
      fc.constantFrom('00:00:00', '23:59:59', '24:00:00', '23:59:60', '12:60:00', '1:00:00'),
      fc.constantFrom('', '.1', '.123456789', '.1234567890', '.'),
      fc.constantFrom('Z', 'z', '', '+01:00', '-23:59', '+24:00', '+0100', '+01'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(null, true, false, '', 'text', [], {}, [null], ['a', 1], { no: 1 }, [{ no: 1, price: '1.00' }]),
  fc.json().map((text) => JSON.parse(text) as unknown),
);

test('it takes what the gate takes, and refuses what the gate refuses', () => {
  const shape = compileShaper(columns);
  const isValid = compile(row(columns));
  const names = [...columns.map(({ name }) => name), 'undeclared'];
  const sent = fc.dictionary(fc.constantFrom(...names), strange, { noNullPrototype: true });
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(sent, (found) => {
      const fits = shape(found).type === 'Row';
      if (fits) taken++;
      else refused++;
      expect({ found, fits: isValid(found) }).toEqual({ found, fits });
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(300);
});

test('a required column must be there, and be no null', () => {
  const [text] = columns;
  const isValid = compile(row([{ ...text!, required: true }]));
  expect([{ text: '' }, {}, { text: null }].map(isValid)).toEqual([true, false, false]);
});

test.each<[Partial<Check>, string, readonly unknown[], readonly unknown[]]>([
  [{ kind: 'minimum', value: '2' }, 'whole', [2, 3, null], [1]],
  [{ kind: 'exclusiveMinimum', value: '2' }, 'real', [2.1, null], [2]],
  [{ kind: 'maximum', value: '2' }, 'real', [2], [2.1]],
  [{ kind: 'exclusiveMaximum', value: '2' }, 'whole', [1], [2]],
  [{ kind: 'minLength', value: '2' }, 'text', ['ab', '😀😀', null], ['😀']],
  [{ kind: 'maxLength', value: '2' }, 'text', ['ab', '😀😀'], ['abc']],
  [{ kind: 'pattern', value: '^a+$' }, 'text', ['aa', null], ['b']],
  [{ kind: 'enum', values: ['a', 'b'] }, 'text', ['a', null], ['c']],
  [{ kind: 'enum', values: ['1', '2'] }, 'whole', [1, null], [3]],
  [{ kind: 'notIn', values: ['0'] }, 'whole', [1, null], [0]],
  [{ kind: 'format', value: '^a+$', format: 'as' }, 'text', ['aa', null], ['b']],
  [{ kind: 'minItems', value: '1' }, 'texts', [['a'], null], [[]]],
  [{ kind: 'maxItems', value: '1' }, 'texts', [['a'], null], [['a', 'b']]],
  [{ kind: 'uniqueItems' }, 'texts', [['a', 'b'], null], [['a', 'a']]],
  [{ kind: 'required' }, 'text', ['a'], [null]],
])('the check %j of a column holds for its values and not for a null', (check, name, good, bad) => {
  const made: Check = { id: 'c', name: 'c', columns: [name], onFailure: 'block', kind: 'enum', ...check };
  const isValid = compile(row(columns, [made]));
  const judged = (values: readonly unknown[]) => values.map((value) => isValid({ [name]: value }));
  expect([...judged(good), ...judged(bad)]).toEqual([...good.map(() => true), ...bad.map(() => false)]);
});

test.each<Partial<Check>>([
  { onFailure: 'warn' },
  { onFailure: 'record' },
  { expect: { unit: 'percent', max: 1 } as never },
])('a check that refuses no row by itself is listed: %j', (change) => {
  const checks = (['required', 'enum'] as const).map(
    (kind): Check => ({
      ...{ id: kind, name: kind, kind, columns: ['text'], values: ['a'], onFailure: 'block' },
      ...change,
    }),
  );
  const isValid = compile(row(columns, checks));
  expect([{ text: null }, { text: 'b' }].map(isValid)).toEqual([true, true]);
  const { losses } = exported(exportJsonSchema, { ...READINGS, contract: row(columns, checks) });
  expect(losses.filter((loss) => loss.startsWith('text: no equal'))).toHaveLength(2);
});

test('two checks of one kind both hold', () => {
  const made = (id: string, values: string[]): Check => ({
    ...{ id, name: id, columns: ['text'], kind: 'enum', values, onFailure: 'block' },
  });
  const isValid = compile(row(columns, [made('a', ['x', 'y']), made('b', ['y', 'z'])]));
  expect(['x', 'y', 'z'].map((text) => isValid({ text }))).toEqual([false, true, false]);
});

test('bronze takes events, with the attributes that the gate asks for', () => {
  const contract: Contract = {
    ...row(columns),
    layer: 'bronze',
    ingest: { from: 'stream', event: 'lab.readings.v1', key: 'text' },
  };
  const isValid = compile(contract);
  const landing = compileLanding('lab', [contract], String, { seal: () => '' });
  const good = {
    specversion: '1.0',
    id: '1',
    source: 's',
    type: 'lab.readings.v1',
    time: '2024-01-01T00:00:00Z',
    data: {},
  };
  const place = { shard: 's', sequence: '1', index: 0, arrivedAt: 1_704_067_200_000_000n };
  const changed = (attribute: string) =>
    [undefined, '', 'x', 1, null, -1, 1.5].map((value) => ({ ...good, [attribute]: value }));
  const events = [good, ...Object.keys(good).concat('producerid', 'producerseq', 'other').flatMap(changed)];
  const lands = events.map((event) => landing.takeEvent(event, place));
  expect(events.map((event) => isValid(JSON.parse(JSON.stringify(event))))).toEqual(lands);
  expect(lands.filter(Boolean).length).toBeGreaterThan(10);
});
