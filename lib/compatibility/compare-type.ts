/** How the values that a type can hold relate to those of another. */
export type Relation = 'same' | 'wider' | 'narrower' | 'different';

interface Decimal {
  readonly whole: number;
  readonly fraction: number;
}

/** Digits that hold every value of the type; undefined for what is no exact number. */
function digitsToHold(type: string): Decimal | undefined {
  if (type === 'int') return { whole: 10, fraction: 0 };
  if (type === 'long') return { whole: 19, fraction: 0 };
  return decimalOf(type);
}

/** Digits of which every value fits the type. */
function digitsHeld(type: string): Decimal | undefined {
  if (type === 'int') return { whole: 9, fraction: 0 };
  if (type === 'long') return { whole: 18, fraction: 0 };
  if (type === 'double') return { whole: 15, fraction: 0 };
  return decimalOf(type);
}

function decimalOf(type: string): Decimal | undefined {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : { whole: Number(precision) - Number(scale), fraction: Number(scale) };
}

/** Whether a type holds every value of another, none changed. */
function holds(type: string, other: string): boolean {
  if (type === other) return true;
  if (type === 'timestamp') return other === 'date';
  if (type === 'long' && other === 'int') return true;
  const [held, needed] = [digitsHeld(type), digitsToHold(other)];
  return held !== undefined && needed !== undefined && held.whole >= needed.whole && held.fraction >= needed.fraction;
}

const isNumber = (type: string): boolean => digitsHeld(type) !== undefined;

/** How a scalar type relates to what it was. Numbers that each hold values which the other cannot are narrower both ways. */
export function compareType(was: string, is: string): Relation {
  if (was === is) return 'same';
  if (holds(is, was)) return 'wider';
  if (holds(was, is) || (isNumber(was) && isNumber(is))) return 'narrower';
  return 'different';
}
