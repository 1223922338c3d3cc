import fc from 'fast-check';
import type { Contract } from '../../../lib/contract/contract.ts';
import { compileLanding, type LandedTable, type StreamRecord } from '../../../lib/landing/landing.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { column, columns, sentRow } from './every-type.ts';
import { event, openSealer, orders, recordOf, SECRET } from './orders.ts';
import { rowsOf } from './rows-of.ts';

// The gate's fast half reads bytes, its slow half objects: whatever comes, they must say the same.

const token = column('token', 'string', { masking: { method: 'tokenise', from: 'bronze' } });
const needed = column('needed', 'boolean', { required: true });
const contract: Contract = { ...orders, table: 'things', columns: [...columns, token, needed] };
const gate = compileLanding('commerce', [contract], tokeniserOf(SECRET), openSealer);

const spaces = fc.constantFrom(undefined, 1, '\t', ' \n\r');
const sentEvent = fc
  .record({
    row: sentRow,
    token: fc.option(fc.string({ unit: 'binary' })),
    needed: fc.constantFrom<unknown>(true, false, false, null, 'true', undefined),
    more: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.object({ maxDepth: 2 }) }),
    attributes: fc.oneof(fc.constant({}), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })),
    producerseq: fc.constantFrom<unknown>(undefined, undefined, 7, 0, -1, 2 ** 53, '7', null),
    dataFirst: fc.boolean(),
  })
  .map(({ row, token, needed, more, attributes, producerseq, dataFirst }) => {
    const data = { ...row, token, needed, ...more };
    const { data: _orders, ...envelope } = { ...event, ...attributes, producerseq };
    return dataFirst ? { data, ...envelope } : { ...envelope, data };
  });
const sentText = fc.oneof(
  fc.tuple(sentEvent, spaces).map(([sent, space]) => JSON.stringify(sent, null, space)),
  fc.tuple(fc.array(sentEvent, { maxLength: 4 }), spaces).map(([sent, space]) => JSON.stringify(sent, null, space)),
);

test('events that are read from bytes land as if each had been parsed', () => {
  fc.assert(
    fc.property(sentText, (text) => expectAlike(text)),
    { numRuns: 300 },
  );
});

test('characters written as escapes are the same characters', () => {
  const escaped = sentText.map((text) =>
    text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  fc.assert(
    fc.property(escaped, (text) => expectAlike(text)),
    { numRuns: 100 },
  );
});

test('text that was damaged anywhere is no other row than a parser makes of it', () => {
  const damage = fc.record({
    at: fc.nat(3000),
    remove: fc.nat(3),
    insert: fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      't',
      ' ',
      '\u0001',
      'null',
    ),
  });
  fc.assert(
    fc.property(sentText, fc.array(damage, { minLength: 1, maxLength: 2 }), (text, damages) => {
      expectAlike(damages.reduce(damaged, text));
    }),
    { numRuns: 1000 },
  );
});

const damaged = (text: string, { at, remove, insert }: { at: number; remove: number; insert: string }): string => {
  const from = at % (text.length + 1);
  return text.slice(0, from) + insert + text.slice(from + remove);
};

function expectAlike(text: string): void {
  const record = recordOf(text.toWellFormed());
  gate.takeRecord(record);
  const read = shown(gate.drain());
  if (LOSSES.test(read)) return; // a parsed event cannot show what the parser dropped
  takeParsed(record);
  expect(read).toEqual(shown(gate.drain()));
}

const LOSSES = /occurs twice in one object|more digits than JSON/;

/** Takes a record as its parsed events, which only the slow half can judge. */
function takeParsed({ data, ...record }: StreamRecord): void {
  const text = Buffer.from(data, 'base64').toString();
  try {
    const found = JSON.parse(text);
    const events: unknown[] = Array.isArray(found) ? found : [found];
    for (const [index, each] of events.entries()) gate.takeEvent(each, { ...record, index });
    if (events.length === 0) refuse(record, 'the record is an empty batch');
  } catch {
    refuse(record, 'the record is not JSON; send one CloudEvent or a JSON array of them');
  }
}

const refuse = (record: Omit<StreamRecord, 'data'>, reason: string): void =>
  gate.refuse({ ...record, index: 0 }, { findings: [{ rule: 'g0.encoding', reason }], original: '' });

/** Rows and what tells batches apart, without the text that is sealed. */
const shown = (tables: readonly LandedTable[]): string =>
  JSON.stringify(
    tables.map(({ table, digest, positions, ...rest }) => ({ table, digest, positions, rows: rowsOf(rest) })),
    (key, value) => (key === 'sealed' ? undefined : typeof value === 'bigint' ? `${value}n` : value),
    1,
  );
