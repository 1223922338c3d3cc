import type { DraftColumn, DraftField } from '../draft/draft.ts';
import { nameOf, snakeCase } from '../draft/snake-case.ts';
import { asArray, asMap, type Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import { type Imported, type Importer, UnreadableImportError } from './import.ts';
import { typeFromSql } from './types-from-sql.ts';

/** An object of JSON Schema is a row; that of a CloudEvent is an event, whose data is the row. */
export const importJsonSchema: Importer = (text, report) => {
  const root = asMap(JSON.parse(text));
  const event = asMap(root.properties);
  const isEvent = asMap(event.specversion).const !== undefined && event.data !== undefined;
  const row = resolve(isEvent ? event.data : root, root);
  if (row.properties === undefined) throw new UnreadableImportError("found no 'properties'; a table is an object");
  return [
    {
      ...(isEvent ? { layer: 'bronze' as const } : {}),
      table: snakeCase(String(root.title ?? 'table')),
      purpose: row.description === undefined ? undefined : String(row.description),
      columns: columnsOf(row, root, report),
    },
  ] satisfies Imported[];
};

/** A reference within the file, followed; the words beside it hold, too. */
function resolve(found: unknown, root: Plain): Plain {
  const seen = new Set<string>();
  let schema = asMap(found);
  while (typeof schema.$ref === 'string') {
    const { $ref, ...beside } = schema;
    if (seen.has($ref) || !$ref.startsWith('#/'))
      throw new UnreadableImportError(`found $ref '${$ref}', allowed: one within the file that ends`);
    seen.add($ref);
    const target = $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, step) => asMap(at)[step.replaceAll('~1', '/').replaceAll('~0', '~')], root);
    schema = { ...asMap(target), ...beside };
  }
  return schema;
}

function columnsOf(object: Plain, root: Plain, report: Report, depth = 0): DraftColumn[] {
  if (depth > MAX_DEPTH) throw new UnreadableImportError(`nests deeper than ${MAX_DEPTH} levels`);
  const required = asArray(object.required);
  return Object.entries(asMap(object.properties)).map(([name, schema]) =>
    columnOf(name, schema, required.includes(name), root, at(report, name), depth),
  );
}

const MAX_DEPTH = 32;

function columnOf(
  name: string,
  found: unknown,
  required: boolean,
  root: Plain,
  report: Report,
  depth: number,
): DraftColumn {
  const { schema, isNullable } = withoutNull(resolve(found, root), root);
  const { description, ...words } = schema;
  const field = fieldOf(schema, root, report, depth);
  const { options, members, rules, kept } = factsOf(words, field, snakeCase(name), report);
  return {
    ...nameOf(name),
    ...field,
    description: description === undefined ? undefined : String(description),
    required: required && !isNullable,
    ...(Object.keys(options).length > 0 && { options }),
    ...(members && { members }),
    rules,
    kept,
  };
}

/** `null` as one of the types, or as one of two alternatives, says that the value may be missing. */
function withoutNull(schema: Plain, root: Plain): { schema: Plain; isNullable: boolean } {
  const { anyOf, oneOf, type, ...rest } = schema;
  const branches = asArray(anyOf ?? oneOf).map((branch) => resolve(branch, root));
  const others = branches.filter((branch) => branch.type !== 'null');
  if (others.length === 1 && branches.length === 2) return { schema: { ...rest, ...others[0] }, isNullable: true };
  const types = asArray(type).filter((each) => each !== 'null');
  if (types.length === 1 && Array.isArray(type))
    return { schema: { ...rest, type: types[0] }, isNullable: type.length > 1 };
  return { schema, isNullable: false };
}

function fieldOf(schema: Plain, root: Plain, report: Report, depth: number): DraftField & Pick<DraftColumn, 'doubts'> {
  const { $comment, type, format, items } = schema;
  const exact = typeFromSql(String($comment));
  if (exact) return { type: exact };
  if (type === 'array') {
    const { schema: item } = withoutNull(resolve(items, root), root);
    return { type, items: fieldOf(item, root, at(report, 'items'), depth + 1) };
  }
  if (type === 'object' && schema.properties !== undefined)
    return { type: 'struct', fields: columnsOf(schema, root, report, depth + 1) };
  if (type === 'integer') return { type: isInt(schema) ? 'int' : 'long' };
  if (type === 'number')
    return { type: 'double', doubts: ['type: a JSON number; money is decimal(p,s), sent as text'] };
  if (type === 'boolean') return { type };
  if (format === 'date') return { type: 'date' };
  if (format === 'date-time') return { type: 'timestamp' };
  if (type === 'string') return { type };
  return { type: 'string', doubts: [`type: the schema says ${JSON.stringify(type) ?? 'nothing'}`] };
}

const isInt = ({ minimum, maximum }: Plain): boolean => Number(minimum) >= -(2 ** 31) && Number(maximum) < 2 ** 31;

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
/** Words that are options of a column, by its type. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  array: ['minItems', 'maxItems', 'uniqueItems'],
  int: BOUNDS,
  long: BOUNDS,
  double: BOUNDS,
};

/** What the type of the column says already. */
const OF_TYPE = ['type', '$comment', 'items', 'properties', 'required', 'additionalProperties', 'title'];

type Facts = Required<Pick<DraftColumn, 'options' | 'rules' | 'kept'>> & Pick<DraftColumn, 'members'>;

function factsOf(words: Plain, { type }: DraftField, name: string, report: Report): Facts {
  const options: Record<string, unknown> = {};
  const kept: [string, unknown][] = [];
  const refused = asArray(asMap(words.not).enum);
  for (const [word, value] of Object.entries(words)) {
    const isRead = word === 'enum' || (word === 'not' && refused.length > 0);
    if (OF_TYPE.includes(word) || isRead || isOfType(word, value, type)) continue;
    if (OPTIONS[type]?.includes(word)) options[word] = value;
    else {
      report([word], 'no equal; kept as a custom property');
      kept.push([`jsonSchema.${word}`, value]);
    }
  }
  const members = asArray(words.enum).filter((value) => value !== null);
  const rules = refused.length > 0 ? [refusedRule(`${name}_refused`, refused)] : [];
  return { options, ...(members.length > 0 && { members }), rules, kept };
}

const refusedRule = (id: string, missingValues: readonly unknown[]): Plain => ({
  ...{ id, name: id, metric: 'missingValues', arguments: { missingValues }, mustBe: 0 },
});

/** Bounds and patterns by which other columns than those of JSON's own types are told. */
function isOfType(word: string, value: unknown, type: DraftField['type']): boolean {
  if (type === 'date' || type === 'timestamp') return word === 'format' || word === 'pattern';
  if (type === 'long') return word === 'anyOf';
  if (type.startsWith('decimal')) return word === 'pattern';
  return (
    type === 'int' && ((word === 'minimum' && value === -(2 ** 31)) || (word === 'maximum' && value === 2 ** 31 - 1))
  );
}
