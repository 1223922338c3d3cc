import fc from 'fast-check';
import { readContractFile } from '../../../lib/contract/contract-file.ts';
import { loadFiles } from './load-sample.ts';
import { GOLD, SILVER, sampleFiles } from './sample-contracts.ts';

const FILE = 'domains/toys/contracts/gold/sales.odcs.yaml';

/** What a user is told of a file in the place of the sample's gold contract. */
const told = (text: string | Uint8Array): string[] =>
  loadFiles([...sampleFiles('gold', 'gold', 'gold').slice(0, 2), { file: FILE, text }]).problems.map((line) =>
    line.replace(`${FILE}:`, ''),
  );

const line = (text: string) => GOLD.replace('domain: toys\n', `domain: toys\n${text}\n`);
const BOMB = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat([...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`))
  .join('\n');
const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)));

test.each<[what: string, text: string | Uint8Array, expected: string | RegExp]>([
  ['aliases of aliases, which would be a billion words', BOMB, /^1:7: a: found the anchor '&a', allowed: none$/],
  ['an anchor', line('tags: &tags [a]'), /^6:13: tags: found the anchor '&tags', allowed: none$/],
  ['an alias', line('tags: *tags'), /^6:7: tags: .*alias/],
  ['a merge', line('price: { <<: { priceUnit: row } }'), /^6:10: price\.<<: unknown key: found '<<'/],
  [
    'a tag of another language',
    line('tenant: !!python/object:os.system x'),
    /^6:\d+: tenant: found the tag 'tag:yaml.org,2002:python\/object:os.system', allowed: none$/,
  ],
  [
    'a directive that changes what words mean',
    `%YAML 1.1\n---\n${GOLD}`,
    '1:1: found %YAML 1.1, allowed: no directive',
  ],
  ['a key twice', line('id: other'), "6:1: id: found 'id' a second time, allowed: once in its map"],
  ['a key that is a list', line('? [a, b]\n: 1'), /^6:3: found a key that is no text/],
  ['a key that is a number', line('1: a'), /^6:1: found a key that is no text; put it in quotes$/],
  ['several documents', `${GOLD}---\n${GOLD}`, /^\d+:1: not valid YAML: Source contains multiple documents/],
  [
    'tabs',
    GOLD.replace('  - name: sales', '\t- name: sales'),
    /^8:1: not valid YAML: Tabs are not allowed as indentation/,
  ],
  ['brackets without end', line(`tags: ${'['.repeat(50_000)}`), /^6:\d+: nested too deeply to be read$/],
  [
    'levels without end',
    line(`tags: ${'['.repeat(200)}${']'.repeat(200)}`),
    /^6:\d+: found more than 100 levels, allowed: 100$/,
  ],
  ['bytes of another encoding', bytes(GOLD, [0xe9]), '1:1: found bytes that are no UTF-8, allowed: text in UTF-8'],
  ['UTF-16', Buffer.from(GOLD, 'utf16le'), /^1:1: found the control character U\+0000 on line 1, allowed: none$/],
  [
    'a character that no editor shows',
    line('tenant: a\u0000b'),
    '1:1: found the control character U+0000 on line 6, allowed: none',
  ],
  [
    'an escape of a terminal',
    line('tenant: a\u001b[31mb'),
    '1:1: found the control character U+001B on line 6, allowed: none',
  ],
  ['a file of 3 MB', `${GOLD}#${'x'.repeat(3_000_000)}`, /^1:1: found 3000\d\d\d bytes, allowed: 2097152$/],
  ['a list instead of a map', '- a', '1:1: found a list, allowed: a map'],
  ['nothing', '', /^1:1: found nothing, allowed: a map$/],
  ['a number', '42', '1:1: found 42, allowed: a map'],
  ['the prototype', line('__proto__: { domain: other }'), /^6:1: __proto__: unknown key: found '__proto__'/],
  [
    'a key of a million letters',
    line(`${'x'.repeat(1_000)}: 1`),
    /^6:1: x{57}\.\.\.: unknown key: found 'x{57}\.\.\.', allowed: /,
  ],
  [
    'a version of the standard that is to come',
    GOLD.replace('v3.2.0', 'v4.0.0'),
    /^1:1: apiVersion: found 'v4.0.0', allowed: v3.2.0, v3.1.0/,
  ],
  [
    'a name in quotes',
    GOLD.replace('name: items_sold', `name: 'items" sold'`),
    /^16:9: schema\[0\]\.properties\[1\]\.name: found 'items" sold', allowed: snake_case/,
  ],
  [
    'a name that ends a statement',
    GOLD.replace('name: items_sold', `name: "x'; DROP TABLE y; --"`),
    /^16:9: schema\[0\]\.properties\[1\]\.name: found 'x'; DROP TABLE y; --', allowed: snake_case/,
  ],
  [
    'an id in quotes',
    GOLD.replace('id: toys-gold-sales', `id: 'toys"gold'`),
    /^3:1: id: found 'toys"gold', allowed: letters, digits/,
  ],
  [
    'two tables',
    GOLD.replace('team:', '  - name: b\n    dataGranularityDescription: x\n    properties: []\nteam:'),
    /^7:1: schema: found 2 tables, allowed: 1/,
  ],
])('%s is refused with the reason', (_, text, expected) => {
  const problems = told(text);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems[0]).toMatch(
    expected instanceof RegExp ? expected : new RegExp(`^${expected.replace(/[[\]().*+?^$]/g, '\\$&')}$`),
  );
});

test('a mark of the byte order is no text of the file', () => {
  expect(told(bytes('\ufeff', GOLD))).toEqual([]);
});

const PLACE = { domain: 'toys', layer: 'gold', table: 'sales' };

test('whatever a file holds, it is read or refused with a place, and never thrown at the user', () => {
  const damaged = fc
    .tuple(
      fc.nat(GOLD.length),
      fc.nat(40),
      fc.oneof(fc.string(), fc.constantFrom('{', '[', '- ', ': ', '\n', '&a ', '*a', '? ', '|', '!!x ', '${', '"')),
    )
    .map(([start, length, put]) => `${GOLD.slice(0, start)}${put}${GOLD.slice(start + length)}`);
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string(), fc.uint8Array()), (content) => {
      const { contract, problems } = readContractFile(FILE, PLACE, content);
      expect(contract === undefined).toBe(problems.length > 0);
      for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
}, 30_000);

const wide = (columns: number) =>
  SILVER.replace(
    '      - name: price\n',
    `${Array.from({ length: columns }, (_, i) => `      - { name: c${i}, logicalType: string, classification: internal }\n`).join('')}      - name: price\n`,
  );

test('2,000 columns that none of the inputs has are told in bearable time and length', () => {
  const started = Date.now();
  const { problems } = loadFiles([
    ...sampleFiles('gold', 'gold', 'gold').filter(({ file }) => !file.includes('silver')),
    { file: 'domains/toys/contracts/silver/items.odcs.yaml', text: wide(2_000) },
  ]);
  expect(problems).toHaveLength(2_000);
  expect(Math.max(...problems.map(({ length }) => length))).toBeLessThan(1_000);
  expect(Date.now() - started).toBeLessThan(20_000);
}, 30_000);
