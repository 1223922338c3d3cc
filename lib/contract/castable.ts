import type { Field } from './contract.ts';

const NUMBERS = ['int', 'long', 'double', 'decimal'];

/** Whether a cast between the types has a meaning; single values that do not fit are the gate's business. */
export function isCastable(from: Field, to: Field): boolean {
  const [source, target] = [from.type.replace(/\(.*/, ''), to.type.replace(/\(.*/, '')];
  if (target === 'array' || target === 'struct') return JSON.stringify(shapeOf(from)) === JSON.stringify(shapeOf(to));
  if (source === 'array' || source === 'struct') return false;
  if (source === target || source === 'string' || target === 'string') return true;
  if (NUMBERS.includes(source)) return NUMBERS.includes(target);
  return ['date', 'timestamp'].includes(source) && ['date', 'timestamp'].includes(target);
}

type Shape = { type: string; items?: Shape; fields?: [string, Shape][] };

const shapeOf = ({ type, items, fields }: Field): Shape => ({
  type,
  ...(items && { items: shapeOf(items) }),
  ...(fields && { fields: fields.map((field): [string, Shape] => [field.name, shapeOf(field)]) }),
});

export const typeName = ({ type }: Field): string => type;

/** Whether it can be multiplied. */
export const isNumber = ({ type }: Field): boolean => NUMBERS.includes(type.replace(/\(.*/, ''));
