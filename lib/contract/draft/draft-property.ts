import type { Layer } from '../contract.ts';
import type { Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import type { DraftColumn, DraftField, Kept } from './draft.ts';

/** A column, or a member of a nested one, as ODCS writes it. */
export function draftProperty(column: DraftColumn, layer: Layer, doubt: Report, loss: Report, isNested = false): Plain {
  const { name, description, required, keyPosition, physicalName, classification, pii = [], tags = [] } = column;
  const { facts, kept } = placeFacts(column, layer === 'bronze' || isNested, loss);
  if (classification === undefined) doubt(['classification'], 'proposed');
  for (const text of column.doubts ?? []) doubt(['name'], text);
  const custom = [...maskingOf(column, doubt), ...keptProperties([...(column.kept ?? []), ...kept])];
  return {
    name,
    ...(physicalName && { physicalName }),
    ...(description && { description }),
    ...typeOf(column, layer, doubt, loss),
    ...(required && { required }),
    ...(keyPosition !== undefined && !isNested && { primaryKey: true, primaryKeyPosition: keyPosition }),
    classification: classification ?? 'internal',
    ...(pii.length + tags.length > 0 && { tags: [...pii, ...tags] }),
    ...facts,
    ...(custom.length > 0 && { customProperties: custom }),
  };
}

export const keptProperties = (kept: Kept): Plain[] =>
  kept.map(([property, value]) => ({ property, vendor: 'import', value }));

/** Texts are masked by tokens; of what is no text, a person must say how. */
function maskingOf({ pii = [], type, masking }: DraftColumn, doubt: Report): Plain[] {
  if (masking) return [{ property: 'masking', vendor: 'sluice', value: masking }];
  if (pii.length === 0) return [];
  doubt(['tags'], 'proposed');
  if (type !== 'string') return [];
  return [{ property: 'masking', vendor: 'sluice', value: { method: 'tokenise', from: 'bronze' } }];
}

/** Checks of values, and what of them the place refuses. */
function placeFacts(column: DraftColumn, isRefused: boolean, loss: Report): { facts: Plain; kept: Kept } {
  const { options, unique, members, rules = [] } = column;
  const described = pick(options ?? {}, (key) => key === 'format');
  const checked = pick(options ?? {}, (key) => key !== 'format');
  const checks: Plain = {
    ...(unique && { unique }),
    ...(members && { enum: members.map((value) => ({ value })) }),
    ...(rules.length > 0 && { quality: rules }),
  };
  if (!isRefused) return { facts: { ...optionsOf({ ...described, ...checked }), ...checks }, kept: [] };
  const kept = Object.entries({ ...checks, ...(Object.keys(checked).length > 0 && { logicalTypeOptions: checked }) });
  for (const [key] of kept) loss([key], 'checked on columns of silver and gold only; kept as a custom property');
  return { facts: optionsOf(described), kept };
}

const optionsOf = (options: Plain): Plain => (Object.keys(options).length > 0 ? { logicalTypeOptions: options } : {});

const pick = (map: Plain, isTaken: (key: string) => boolean): Plain =>
  Object.fromEntries(Object.entries(map).filter(([key]) => isTaken(key)));

const LOGICAL: Readonly<Record<string, Plain>> = {
  string: { logicalType: 'string' },
  int: { logicalType: 'integer', physicalType: 'int' },
  long: { logicalType: 'integer' },
  double: { logicalType: 'number', physicalType: 'double' },
  boolean: { logicalType: 'boolean' },
  date: { logicalType: 'date' },
  timestamp: { logicalType: 'timestamp' },
};

function typeOf({ type, items, fields = [] }: DraftField, layer: Layer, doubt: Report, loss: Report): Plain {
  if (type === 'array') {
    const inItems = at(doubt, 'items');
    return { logicalType: 'array', items: typeOf(items ?? { type: 'string' }, layer, inItems, loss) };
  }
  if (type !== 'struct') return LOGICAL[type] ?? { logicalType: 'number', physicalType: type };
  const properties = fields.map((field, index) =>
    draftProperty(field, layer, at(doubt, 'properties', index), at(loss, field.name), true),
  );
  return { logicalType: 'object', properties };
}
