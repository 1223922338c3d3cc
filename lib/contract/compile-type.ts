import type { ScalarType } from './contract.ts';
import type { Item } from './odcs-table.ts';
import { notAllowed, type Report } from './problem.ts';

type Words = Readonly<Record<string, ScalarType>>;

/** The physical types that a logical type may have; the first is what it has when it names none. */
const SCALARS: Readonly<Record<'string' | 'integer' | 'boolean' | 'date' | 'timestamp', Words>> = {
  string: { string: 'string' },
  integer: { long: 'long', bigint: 'long', int: 'int', integer: 'int' },
  boolean: { boolean: 'boolean' },
  date: { date: 'date' },
  timestamp: { timestamp: 'timestamp' },
};
const MAX_PRECISION = 38;

/** What a contract can say and no pipeline can store, and what to do instead. */
const NOT_STORED = {
  time: 'Delta has no type for a time of day; use a string with a pattern, or seconds as an integer',
  map: 'no gate reads maps yet; use an array of objects with a key and a value',
  vector: 'no gate reads vectors yet; use an array of numbers of physicalType double',
} as const;
export const STORED_TYPES = ['string', 'integer', 'number', 'boolean', 'date', 'timestamp', 'array', 'object'] as const;

/** The type in which values are stored; undefined, with a report, when there is none, or the physical type does not fit. */
export function storedTypeOf(
  { logicalType, physicalType }: Item,
  report: Report,
): ScalarType | 'array' | 'struct' | undefined {
  if (logicalType === 'array') return 'array';
  if (logicalType === 'object') return 'struct';
  if (logicalType === 'number') return numberType(physicalType, report);
  if (logicalType === 'time' || logicalType === 'map' || logicalType === 'vector') {
    report(['logicalType'], notAllowed(logicalType, STORED_TYPES, NOT_STORED[logicalType]));
    return undefined;
  }
  const words = SCALARS[logicalType];
  const type = physicalType === undefined ? Object.values(words)[0] : words[physicalType];
  if (!type) report(['physicalType'], notAllowed(physicalType, Object.keys(words)));
  return type;
}

/** A number must say how exact it is: money that silently becomes a float is lost money. */
function numberType(physicalType: string | undefined, report: Report): ScalarType | undefined {
  if (physicalType === 'double') return 'double';
  const [, precision, scale] = /^decimal\((\d+), ?(\d+)\)$/.exec(physicalType ?? '') ?? [];
  if (precision === undefined || scale === undefined) {
    report(['physicalType'], notAllowed(physicalType, ['decimal(p,s)', 'double'], 'for money use decimal(18,4)'));
    return undefined;
  }
  const [p, s] = [Number(precision), Number(scale)];
  if (p >= 1 && p <= MAX_PRECISION && s <= p) return `decimal(${p},${s})`;
  report(['physicalType'], notAllowed(physicalType, [`decimal(p,s) with p from 1 to ${MAX_PRECISION} and s up to p`]));
  return undefined;
}
