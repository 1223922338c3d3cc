import { type Change, change } from './change.ts';

/** Keys that are written for people, wherever they stand. */
const WORDS: ReadonlySet<string> = new Set([
  ...[
    'id',
    'name',
    'description',
    'businessName',
    'synonyms',
    'authoritativeDefinitions',
    'tags',
    'context',
    'examples',
  ],
  ...['deprecated', 'semanticType', 'criticalDataElement', 'transformSourceObjects', 'transformLogic'],
  ...['transformDescription', 'tenant', 'dataProduct', 'support', 'price', 'team', 'contractCreatedTs', 'quality'],
  ...['kind', 'apiVersion', 'physicalType', 'slaDefaultElement', 'relationships'],
]);

type Part = Readonly<Record<string, unknown>>;

/** What no other rule compares: words for people are safe, and a key that nobody knows is for somebody to look at. */
export function compareRest(was: object, is: object, path: string, compared: readonly string[]): Change[] {
  const [before, after] = [was as Part, is as Part];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !compared.includes(key));
  return keys.flatMap((key) => {
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) return [];
    const place = path === '' ? key : `${path}.${key}`;
    return [change(WORDS.has(key) ? 'wordsChanged' : 'otherChanged', place)];
  });
}
