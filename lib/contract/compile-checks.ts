import { disclosureChecks } from './compile-disclosure.ts';
import { ruleChecks } from './compile-rules.ts';
import type { Check, Layer } from './contract.ts';
import type { Property, Table } from './odcs-table.ts';
import { patternOf } from './string-formats.ts';

/** All checks of a table: the facts stated on its columns, its key, and its quality rules. */
export function checksOf(table: Table, layer: Layer): Check[] {
  const { properties, quality } = table;
  const rules = [
    ...properties.flatMap((property) =>
      (property.quality ?? []).flatMap((rule) => ruleChecks(rule, table, property.name)),
    ),
    ...quality.flatMap((rule) => ruleChecks(rule, table)),
  ];
  const facts = [...properties.flatMap((property) => factChecks(property, layer)), ...uniqueFacts(properties, layer)];
  const stated = facts.filter((fact) => !rules.some((rule) => isSameQuestion(fact, rule)));
  return [...stated, ...disclosureChecks(table), ...rules];
}

/** A rule that repeats a fact of its column (for tools that only read rules) replaces it: it says more. */
function isSameQuestion(a: Check, b: Check): boolean {
  const question = ({ kind, columns, value, values = [] }: Check) =>
    JSON.stringify([kind, columns, value, [...values].sort()]);
  return question(a) === question(b);
}

type Facts = Pick<Check, 'kind' | 'value' | 'values' | 'format'>;

/** A column's own promises. On bronze a record that breaks one never gets in; elsewhere the column may say so. */
function factChecks(property: Property, layer: Layer): Check[] {
  const { name, customProperties } = property;
  const { onFailure = layer === 'bronze' ? 'quarantine' : 'block', blockAbovePercent } = customProperties;
  return factsOf(property, layer).map((fact) => ({
    id: `${name}.${fact.kind}`,
    name: `${name}_${fact.kind}`,
    columns: [name],
    ...fact,
    onFailure,
    ...(blockAbovePercent !== undefined && { blockAbovePercent }),
  }));
}

function factsOf(
  { required, logicalTypeOptions: options = {}, enum: members, ...property }: Property,
  layer: Layer,
): Facts[] {
  const facts: Facts[] = required ? [{ kind: 'required' }] : [];
  for (const kind of VALUE_FACTS) {
    const value = options[kind];
    if (value !== undefined) facts.push({ kind, value: String(value) });
  }
  if (options.uniqueItems) facts.push({ kind: 'uniqueItems' });
  if (members) facts.push({ kind: 'enum', values: members.map(({ value }) => String(value)) });
  return [...facts, ...formatFacts(options.format, property, layer)];
}

/** On bronze nobody judges values; and a token has not the format of what it stands for. */
function formatFacts(
  format: string | undefined,
  { logicalType, customProperties: { masking } }: Pick<Property, 'logicalType' | 'customProperties'>,
  layer: Layer,
): Facts[] {
  const value = logicalType === 'string' ? patternOf(format) : undefined;
  const isToken = masking !== undefined && masking.method !== 'none';
  return value === undefined || layer === 'bronze' || isToken
    ? []
    : [{ kind: 'format', value, ...(format && { format }) }];
}

const VALUE_FACTS = [
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
] as const;

/** Bronze keeps every event, so its key repeats when an order is sent again. */
function uniqueFacts(properties: readonly Property[], layer: Layer): Check[] {
  if (layer === 'bronze') return [];
  const key = primaryKeyOf(properties);
  const unique = properties
    .filter((property) => property.unique && !(key.length === 1 && key[0] === property.name))
    .map(({ name }) => uniqueCheck(name, [name]));
  return key.length > 0 ? [uniqueCheck('primary_key', key), ...unique] : unique;
}

const uniqueCheck = (subject: string, columns: readonly string[]): Check => ({
  id: `${subject}.unique`,
  name: `${subject}_unique`,
  kind: 'unique',
  columns,
  onFailure: 'block',
});

/** Names of the key's columns, in the key's order. */
export const primaryKeyOf = (properties: readonly Property[]): string[] =>
  properties
    .filter(({ primaryKey }) => primaryKey)
    .sort((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0))
    .map(({ name }) => name);
