import { storedTypeOf } from './compile-type.ts';
import type { Column, Field } from './contract.ts';
import { piiOf, piiTypeOf } from './lint-pii.ts';
import type { Item, Property } from './odcs-table.ts';

/** The columns of a table, or the members of a nested object. Parsing has refused what cannot be stored. */
export const columnsOf = (properties: readonly Property[]): Column[] => properties.map(columnOf);

function columnOf(property: Property): Column {
  const { name, description, required = false, classification, customProperties } = property;
  const { transformSourceObjects: sources } = property;
  const { masking, standardise = [] } = customProperties;
  const piiType = piiTypeOf(property);
  return {
    name,
    ...fieldOf(property),
    ...(description !== undefined && { description }),
    required,
    classification,
    pii: piiOf(property),
    ...(piiType !== undefined && { piiType }),
    ...(masking && masking.method !== 'none' && { masking }),
    ...(masking?.method === 'none' && masking.approvedBy && masking.reason && { exempt: true as const }),
    standardise,
    ...(sources && { sources }),
  };
}

function fieldOf(item: Item): Field {
  const type = storedTypeOf(item, refusedBefore);
  if (type === 'array' && item.items) return { type, items: fieldOf(item.items) };
  if (type === 'struct' && item.properties) return { type, fields: columnsOf(item.properties) };
  return { type: type ?? 'string' };
}

function refusedBefore(path: readonly (string | number)[], text: string): never {
  throw new Error(`parsing has let a type through that cannot be stored: ${path.join('.')}: ${text}`);
}
