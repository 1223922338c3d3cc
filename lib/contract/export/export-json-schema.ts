import type { Check, Column, Contract, Field } from '../contract.ts';
import type { Exporter } from './export.ts';
import { isRequired, isStrict, reportChecks, reportPrivacy, withRequired } from './report-checks.ts';
import { type JsonSchema, jsonTypeOf } from './types-in-json.ts';

/** Draft 07: of the event that a bronze table takes, and of the row of any other. */
export const exportJsonSchema: Exporter = (source, report) => {
  const contract = withRequired(source.contract);
  reportChecks(contract, report, isExported(contract.columns));
  reportPrivacy(report);
  const row = { ...rowSchema(contract.columns, factsOf(contract)), description: contract.description };
  const schema = contract.ingest ? eventSchema(contract.ingest.event, row) : row;
  return `${JSON.stringify({ $schema: DRAFT, title: contract.table, ...schema }, null, 2)}\n`;
};

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** A CloudEvent 1.0 as the gate before bronze takes it. It may have further attributes. */
function eventSchema(event: string, data: JsonSchema): JsonSchema {
  const text = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: text,
      source: text,
      type: { const: event },
      time: jsonTypeOf('timestamp'),
      producerid: text,
      producerseq: { type: ['integer', 'null'], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      data,
    },
  };
}

type Facts = ReadonlyMap<string, JsonSchema>;

/** A column that is not declared is refused, as by the gate. */
function rowSchema(columns: readonly Column[], facts: Facts = new Map()): JsonSchema {
  return {
    type: 'object',
    required: columns.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column, facts)])),
    additionalProperties: false,
  };
}

function columnSchema(column: Column, facts: Facts): JsonSchema {
  const { name, description, required } = column;
  const value = { ...fieldSchema(column), ...facts.get(name) };
  return {
    ...(description && { description }),
    ...(required ? value : { anyOf: [{ type: 'null' }, value] }),
  };
}

function fieldSchema({ type, items, fields = [] }: Field): JsonSchema {
  if (type === 'array') return { type: 'array', items: fieldSchema(items ?? { type: 'string' }) };
  return type === 'struct' ? rowSchema(fields) : jsonTypeOf(type);
}

/** What a check says of a value, in the words of JSON Schema. */
const FACTS: Readonly<Record<string, (check: Check, type: Column['type']) => JsonSchema>> = {
  minimum: ({ value }) => ({ minimum: Number(value) }),
  exclusiveMinimum: ({ value }) => ({ exclusiveMinimum: Number(value) }),
  maximum: ({ value }) => ({ maximum: Number(value) }),
  exclusiveMaximum: ({ value }) => ({ exclusiveMaximum: Number(value) }),
  minLength: ({ value }) => ({ minLength: Number(value) }),
  maxLength: ({ value }) => ({ maxLength: Number(value) }),
  pattern: ({ value }) => ({ pattern: value }),
  format: ({ value }) => ({ pattern: value }),
  minItems: ({ value }) => ({ minItems: Number(value) }),
  maxItems: ({ value }) => ({ maxItems: Number(value) }),
  uniqueItems: () => ({ uniqueItems: true }),
  enum: ({ values = [] }, type) => ({ enum: values.map((value) => literal(value, type)) }),
  notIn: ({ values = [] }, type) => ({ not: { enum: values.map((value) => literal(value, type)) } }),
};
/** Decimals, big numbers and times are text in JSON, which has other bounds. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'].map((kind) => [kind, ['int', 'double']]),
  ),
  ...Object.fromEntries(['minLength', 'maxLength', 'pattern', 'format'].map((kind) => [kind, ['string']])),
  ...Object.fromEntries(['minItems', 'maxItems', 'uniqueItems'].map((kind) => [kind, ['array']])),
  ...Object.fromEntries(['enum', 'notIn'].map((kind) => [kind, ['int', 'double', 'string', 'boolean']])),
};

const literal = (value: string, type: Column['type']): unknown => (type === 'string' ? value : JSON.parse(value));

const isExported =
  (columns: readonly Column[]) =>
  (check: Check): boolean => {
    const { type = '' } = columns.find(({ name }) => name === check.columns[0]) ?? {};
    return isRequired(check) || (isStrict(check) && (TYPES[check.kind] ?? []).includes(type));
  };

/** Facts of a column together; two of one kind are both kept. */
function factsOf({ checks, columns }: Contract): Facts {
  const facts = new Map<string, JsonSchema>();
  for (const check of checks.filter(isExported(columns)).filter(({ kind }) => kind !== 'required')) {
    const [name = ''] = check.columns;
    const type = columns.find((column) => column.name === name)?.type ?? 'string';
    const fact = FACTS[check.kind]?.(check, type) ?? {};
    facts.set(name, merge(facts.get(name), fact));
  }
  return facts;
}

function merge(facts: JsonSchema = {}, fact: JsonSchema): JsonSchema {
  const isTaken = Object.keys(fact).some((key) => key in facts);
  return isTaken ? { ...facts, allOf: [...((facts.allOf as JsonSchema[]) ?? []), fact] } : { ...facts, ...fact };
}
