import type { Change } from '../../../lib/compatibility/change.ts';
import { compareContracts } from '../../../lib/compatibility/compare-contracts.ts';
import { bumpFor } from '../../../lib/compatibility/semantic-version.ts';
import { COLUMN_CHANGES } from './changes-of-columns.ts';
import { INGEST_CHANGES, PROMISE_CHANGES } from './changes-of-promises.ts';
import { columnOf, compare, kindsAt, type Raw, read, toys } from './toys.ts';
import { type Edit, pipeline } from './verdicts-of-design.ts';

const CASES = [...COLUMN_CHANGES, ...PROMISE_CHANGES];

const verdictsAt = (changes: readonly Change[], path: string): (readonly string[])[] =>
  changes.filter((each) => each.path === path).map(({ readers, writers, trust }) => [readers, writers, trust]);

/** A renamed column stands under its new name, which is the old one on the way back. */
const BACK: Readonly<Record<string, string>> = {
  'columns.sold_on': 'columns.sold_at',
  'columns.parts[].weight_ounces': 'columns.parts[].weight_grams',
};

const BEFORE = read(toys());

test.each(CASES)('%s, and back', (_, edit, path, there, back) => {
  const after = read(toys(edit));
  expect(verdictsAt(compareContracts(BEFORE, after), path)).toEqual([there]);
  expect(verdictsAt(compareContracts(after, BEFORE), BACK[path] ?? path)).toEqual([back]);
});

/** The same table as events bring it. */
const ingested = (edit: Edit = () => {}): Raw =>
  toys((raw) => {
    Object.assign(pipeline(raw), {
      layer: 'bronze',
      inputs: [],
      ingest: { from: 'stream', event: 'toys.sales.v1', key: 'sale_id' },
      write: { mode: 'append' },
    });
    edit(raw);
  });

test.each(INGEST_CHANGES)('%s', (_, edit, path, there, back) => {
  expect(verdictsAt(compare(ingested(), ingested(edit)), path)).toEqual([there]);
  expect(verdictsAt(compare(ingested(edit), ingested()), path)).toEqual([back]);
});

test('every change says what was, what is, why, and what to do', () => {
  const [renamed] = compare(
    toys(),
    toys((raw) => (columnOf(raw, 'code').name = 'product_code')),
  );
  expect(renamed).toEqual({
    kind: 'columnRenamed',
    path: 'columns.product_code',
    was: 'code',
    is: 'product_code',
    readers: 'break',
    writers: 'review',
    trust: 'none',
    reason: 'queries that name the column by its old name fail',
    fix: 'raise the major version and serve the old one beside it for the migration window',
  });
});

test('checks follow a renamed column, and the words of what changed are not told twice', () => {
  const renamed = compare(
    toys(),
    toys((raw) => Object.assign(columnOf(raw, 'code'), { name: 'product_code', description: 'x' })),
  );
  expect(renamed.map(({ kind }) => kind)).toEqual(['columnRenamed']);
});

test('what another vendor is told says what was and is, hides no words, and asks for a patch version', () => {
  const told = (value: unknown, description: string): Raw =>
    toys((raw) =>
      Object.assign(columnOf(raw, 'code'), {
        description,
        customProperties: [{ property: 'asset', vendor: 'catalogue', value }],
      }),
    );
  const changes = compare(told({ id: 1 }, 'A code.'), told({ id: 2 }, 'The code.'));
  const [asset] = changes.filter(({ kind }) => kind === 'foreignPropertyChanged');
  expect(asset).toMatchObject({ was: '{"id":1}', is: '{"id":2}', reason: expect.stringContaining('other vendors') });
  expect(kindsAt(changes)).toEqual([
    ['wordsChanged', 'columns.code.description'],
    ['foreignPropertyChanged', 'columns.code.customProperties.catalogue.asset'],
  ]);
  expect(changes.map(bumpFor)).toEqual(['patch', 'patch']);
});

test('of a server, too, nothing else is seen in what another vendor is told', () => {
  const asset = { customProperties: [{ property: 'asset', value: 1 }] };
  const server = (more: Raw = {}): Raw =>
    toys((raw) => {
      raw.servers = [{ server: 'lake', type: 'kafka', host: 'a', ...more }];
    });
  const told: [string, string][] = [['foreignPropertyChanged', 'servers.lake.customProperties.asset']];
  expect(kindsAt(compare(server(), server(asset)))).toEqual(told);
  expect(kindsAt(compare(server(asset), server()))).toEqual(told);
});

test('without ids, a renamed column is one dropped and one added', () => {
  const anonymous = toys((raw) => delete columnOf(raw, 'code').id);
  const renamed = toys((raw) => {
    delete columnOf(raw, 'code').id;
    columnOf(raw, 'code').name = 'product_code';
  });
  expect(compare(anonymous, renamed).map(({ kind }) => kind)).toEqual(['columnDropped', 'optionalColumnAdded']);
});

test('a rule that says what the column says already changes nothing', () => {
  const asRule = toys((raw) => {
    columnOf(raw, 'colour').quality = [
      {
        id: 'known_colour',
        name: 'known_colour',
        metric: 'invalidValues',
        arguments: { validValues: ['red', 'blue'] },
        mustBe: 0,
      },
    ];
    delete columnOf(raw, 'colour').enum;
  });
  expect(compare(toys(), asRule).map(({ kind }) => kind)).toEqual(['wordsChanged']);
});

test('columns in another order are the same columns', () => {
  expect(
    compare(
      toys(),
      toys((raw) => raw.schema[0].properties.reverse()),
    ),
  ).toEqual([]);
});
