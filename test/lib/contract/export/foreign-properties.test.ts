import { globSync, readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse, stringify } from 'yaml';
import { exportOdcs } from '../../../../lib/contract/export/export-odcs.ts';
import { exported, readSource } from './read-sample.ts';

type Map = Record<string, unknown>;
const isMap = (value: unknown): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value);

const schemaOf = (version: string) => {
  const [file] = globSync(`.venv/lib/python3.*/site-packages/datacontract/schemas/odcs-${version}.schema.json`);
  return new Ajv2019({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(file!, 'utf8')));
};
const isValidNow = schemaOf('3.2.0');
const isValidThen = schemaOf('3.1.0');

/** One of a vendor's, one with a name of ours, and one of nobody's; the value says where they were put. */
const foreign = (place: string): Map[] => [
  { id: 'foreign', property: 'steward', vendor: 'atlan', value: { place }, description: 'Who looks after it.' },
  { property: 'onFailure', vendor: 'soda', value: { place } },
  { property: 'costCentre', value: { place } },
];

const FREE = ['customProperties', 'arguments'];

/** Every map of a document, with where it stands; not what lies in values of any form. */
function mapsIn(value: unknown, place = ''): [string, Map][] {
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => mapsIn(item, `${place}/${index}`))
    : isMap(value)
      ? Object.entries(value).flatMap(([key, item]) => (FREE.includes(key) ? [] : mapsIn(item, `${place}/${key}`)))
      : [];
  return isMap(value) ? [[place, value], ...inner] : inner;
}

function addTo(map: Map, place: string): void {
  map.customProperties = [...((map.customProperties as Map[] | undefined) ?? []), ...foreign(place)];
}

const EVERYTHING = parse(readFileSync('test/fixtures/contracts/everything.odcs.yaml', 'utf8')) as Map;
/** Where the standard takes them, as its own schema says. */
const places = mapsIn(EVERYTHING)
  .map(([place]) => place)
  .filter((place) => {
    const copy = structuredClone(EVERYTHING);
    addTo(Object.fromEntries(mapsIn(copy))[place]!, place);
    return isValidNow(copy);
  });
const full = structuredClone(EVERYTHING);
const maps = Object.fromEntries(mapsIn(full));
for (const place of places) addTo(maps[place]!, place);
const text = exported(exportOdcs, readSource(stringify(full), 'toys', 'gold', 'everything')).text;
const found = (value: unknown): Map[] =>
  Array.isArray(value)
    ? value.flatMap(found)
    : isMap(value)
      ? [...('property' in value ? [value] : []), ...Object.values(value).flatMap(found)]
      : [];
const after = found(parse(text));

test('the places are all kinds of them', () => {
  expect(places).toEqual(
    expect.arrayContaining(
      ['', '/description', '/schema/0', '/schema/0/properties/0', '/schema/0/properties/0/enum/0', '/servers/0'].concat(
        ['/schema/0/properties/2/items', '/schema/0/properties/0/quality/0', '/schema/0/relationships/0', '/roles/0'],
        ['/slaProperties/0', '/team', '/team/members/0', '/support/0', '/servers/0/roles/0', '/context/constraints/0'],
        ['/schema/0/synonyms/0', '/schema/0/properties/0/relationships/0', '/schema/0/properties/3/properties/0'],
      ),
    ),
  );
});

test.each(places)("others' properties at '%s' are kept in v3.1", (place) => {
  const here = after.filter(({ value }) => isMap(value) && value.place === place);
  const names = here.map(({ property, vendor }) => [vendor, property].filter(Boolean).join('.'));
  expect(names).toEqual([
    expect.stringMatching(/^atlan\..*steward$/),
    expect.stringMatching(/^soda\..*onFailure$/),
    expect.stringMatching(/^(.*\.)?costCentre$/),
  ]);
  expect(here[0]).toMatchObject({ id: expect.stringMatching(/foreign$/), description: 'Who looks after it.' });
});

test('the file is valid in v3.1, and Sluice reads it', () => {
  expect([isValidThen(parse(text)), isValidThen.errors]).toEqual([true, null]);
  expect(() => readSource(text, 'toys', 'gold', 'everything')).not.toThrow();
});
