import { isDeepStrictEqual } from 'node:util';
import { FOREIGN, type ForeignProperty } from '../contract/vendor-properties.ts';
import { type Change, change } from './change.ts';

/** Parts that other rules pair up, column by column, and ask for by themselves. */
const PAIRED = ['schema', 'properties', 'items'];

/** What is told to tools of other vendors: of a part of a contract, and of all that is in it and is not paired up. */
export function compareForeign(was: object, is: object, path: string): Change[] {
  const [before, after] = [byPlace(was, path), byPlace(is, path)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place) => {
    const [then, now] = [before.get(place), after.get(place)];
    if (isDeepStrictEqual(then, now)) return [];
    const values: [unknown, unknown] = [valueIn(then), valueIn(now)];
    if (isDeepStrictEqual(...values)) return [change('wordsChanged', place)];
    return [change('foreignPropertyChanged', place, ...values)];
  });
}

/** One value for each place; all of them in the rare case that a vendor has two of a name. */
function valueIn(properties: readonly ForeignProperty[] | undefined): unknown {
  const values = properties?.map(({ value }) => value);
  return values?.length === 1 ? values[0] : values;
}

function byPlace(part: object, path: string): ReadonlyMap<string, readonly ForeignProperty[]> {
  const found = new Map<string, ForeignProperty[]>();
  for (const [place, property] of foreignIn(part, path)) found.set(place, [...(found.get(place) ?? []), property]);
  return found;
}

type Part = Readonly<Record<string, unknown>> & {
  readonly customProperties?: { readonly [FOREIGN]?: readonly ForeignProperty[] };
};

function* foreignIn(part: unknown, path: string): Generator<[place: string, property: ForeignProperty]> {
  if (typeof part !== 'object' || part === null) return;
  const { customProperties, ...members } = part as Part;
  for (const property of customProperties?.[FOREIGN] ?? []) yield [placeOf(property, path), property];
  for (const [key, member] of Object.entries(members)) {
    if (PAIRED.includes(key)) continue;
    const name = Array.isArray(part) ? (nameOf(member) ?? key) : key;
    yield* foreignIn(member, path === '' ? name : `${path}.${name}`);
  }
}

const placeOf = ({ vendor, property }: ForeignProperty, path: string): string =>
  [path, 'customProperties', vendor, property].filter(Boolean).join('.');

/** What an item of a list is known by, whichever list it is of. */
const NAMES = ['username', 'server', 'channel', 'property', 'name', 'role', 'id'];

function nameOf(item: unknown): string | undefined {
  const names = NAMES.map((key) => (item as Part | null)?.[key]);
  return names.find((name) => typeof name === 'string');
}
