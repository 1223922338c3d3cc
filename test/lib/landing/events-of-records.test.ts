import { readFileSync } from 'node:fs';
import { land, QUARANTINE, recordOf, rowsIn } from './orders.ts';

/** `balance-accounts` counts the same records with code of its own; its tests read the same vectors. */
interface Vector {
  readonly name: string;
  /** Texts, each with how often it is repeated. */
  readonly parts?: readonly (readonly [string, number])[];
  readonly base64?: string;
  /** Events by the table that they were meant for. */
  readonly tables: Readonly<Record<string, number>>;
}

const file = new URL('../../vectors/events-of-records.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];

test.each(vectors)('$name', ({ parts = [], base64, tables }) => {
  const text = parts.map(([part, times]) => part.repeat(times)).join('');
  const landed = land([{ ...recordOf(text), ...(base64 ? { data: base64 } : {}) }]);
  const found: Record<string, number> = {};
  const add = (table: string, events: number): void => {
    found[table] = (found[table] ?? 0) + events;
  };
  for (const { table, count } of landed) if (table !== QUARANTINE) add(table, count);
  for (const { table } of rowsIn(landed, QUARANTINE)) add(String(table ?? 'commerce.unknown'), 1);
  expect(found).toEqual(tables);
});
