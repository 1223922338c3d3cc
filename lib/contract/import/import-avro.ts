import type { DraftColumn, DraftField, Kept } from '../draft/draft.ts';
import { nameOf, snakeCase } from '../draft/snake-case.ts';
import { asArray, asMap, type Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import { type Importer, placeOf, UnreadableImportError } from './import.ts';

/** A record of Avro is a row. */
export const importAvro: Importer = (text, report) => {
  const root = asMap(JSON.parse(text));
  if (root.type !== 'record') throw new UnreadableImportError(`found type '${root.type}', allowed: record`);
  return [
    {
      ...placeOf(String(root.namespace ?? '').replace('.', '_')),
      table: snakeCase(String(root.name)),
      purpose: root.doc === undefined ? undefined : String(root.doc),
      columns: new AvroReader().columnsOf(root, report),
      kept: keptOf(root, ['type', 'name', 'namespace', 'doc', 'fields'], report),
    },
  ];
};

const SCALARS: Readonly<Record<string, DraftField['type']>> = {
  string: 'string',
  int: 'int',
  long: 'long',
  float: 'double',
  double: 'double',
  boolean: 'boolean',
  'int date': 'date',
  'long timestamp-millis': 'timestamp',
  'long timestamp-micros': 'timestamp',
  'long timestamp-nanos': 'timestamp',
  'string uuid': 'string',
};

type Found = DraftField & Pick<DraftColumn, 'members' | 'doubts' | 'options'>;

/** Reads a schema from its root on: a type that is named once may be meant by its name later. */
class AvroReader {
  private readonly named = new Map<string, Plain>();
  private readonly open = new Set<string>();

  columnsOf(record: Plain, report: Report): DraftColumn[] {
    const name = String(record.name);
    if (this.open.has(name)) throw new UnreadableImportError(`the record '${name}' holds itself, which no table can`);
    this.open.add(name);
    this.named.set(name, record);
    const columns = asArray(record.fields).map((field) => this.columnOf(asMap(field), report));
    this.open.delete(name);
    return columns;
  }

  private columnOf(field: Plain, report: Report): DraftColumn {
    const own = at(report, String(field.name));
    const { type, isNullable } = withoutNull(field.type);
    const name = String(field.name);
    return {
      ...nameOf(name),
      ...this.fieldOf(type, own),
      description: field.doc === undefined ? undefined : String(field.doc),
      required: !isNullable,
      kept: keptOf(field, ['name', 'type', 'doc', ...(field.default === null ? ['default'] : [])], own),
    };
  }

  private fieldOf(found: unknown, report: Report): Found {
    if (typeof found === 'string')
      return this.named.has(found) ? this.fieldOf(this.named.get(found), report) : scalarOf({ type: found }, report);
    if (Array.isArray(found)) return unknown(found, report);
    const schema = asMap(found);
    if (schema.type === 'record') return { type: 'struct', fields: this.columnsOf(schema, report) };
    if (schema.type === 'array') return { type: 'array', items: this.itemOf(schema.items, report) };
    if (schema.type !== 'enum') return scalarOf(schema, report);
    this.named.set(String(schema.name), schema);
    return { type: 'string', members: asArray(schema.symbols) };
  }

  private itemOf(items: unknown, report: Report): DraftField {
    const { type, isNullable } = withoutNull(items);
    if (isNullable) report(['items'], 'an item may be null in Avro, and may not here');
    const { type: name, items: nested, fields } = this.fieldOf(type, at(report, 'items'));
    return { type: name, ...(nested && { items: nested }), ...(fields && { fields }) };
  }
}

function withoutNull(found: unknown): { type: unknown; isNullable: boolean } {
  if (!Array.isArray(found)) return { type: found, isNullable: false };
  const others = found.filter((branch) => branch !== 'null');
  return { type: others.length === 1 ? others[0] : others, isNullable: others.length < found.length };
}

function scalarOf(schema: Plain, report: Report): Found {
  const { type, logicalType, precision, scale = 0 } = schema;
  if (logicalType === 'decimal') return { type: `decimal(${Number(precision)},${Number(scale)})` };
  const known = SCALARS[`${type} ${logicalType}`] ?? (logicalType === undefined ? SCALARS[String(type)] : undefined);
  if (!known) return unknown(schema, report);
  return { type: known, ...(logicalType === 'uuid' && { options: { format: 'uuid' } }) };
}

/** Maps, bytes, unions of several types: a text in their place would hold nothing of them, so that a person must choose. */
function unknown(schema: unknown, report: Report): Found {
  const text = JSON.stringify(schema);
  report(['type'], `no equal for ${text}; proposed as text`);
  return { type: 'string', doubts: [`type: Avro says ${text}`] };
}

function keptOf(map: Plain, read: readonly string[], report: Report): Kept {
  return Object.entries(map)
    .filter(([key]) => !read.includes(key))
    .map(([key, value]) => {
      report([key], 'no equal; kept as a custom property');
      return [`avro.${key}`, value] as const;
    });
}
