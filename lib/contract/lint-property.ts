import { STORED_TYPES, storedTypeOf } from './compile-type.ts';
import { lintPattern } from './lint-pattern.ts';
import { lintPii } from './lint-pii.ts';
import { lintColumnRule } from './lint-rule.ts';
import { lintValue, lintValues } from './lint-values.ts';
import type { Item, Property } from './odcs-table.ts';
import { at, notAllowed, type Report, type YamlPath } from './problem.ts';
import { STRING_FORMATS } from './string-formats.ts';

/** What a column, or a member of a nested object, must keep whatever table it is in. */
export function lintProperty(property: Property, report: Report): void {
  lintName(property.name, ['name'], report);
  lintOptions(property, report);
  lintValues(property, report);
  lintPii(property, report);
  lintKey(property, report);
  lintItem(property, report);
}

/** What holds for values with a name and without. */
function lintItem(item: Item, report: Report): void {
  lintShape(item, report);
  item.quality?.forEach((rule, index) => {
    lintColumnRule(rule, at(report, 'quality', index));
  });
  if (item.items) lintItem(item.items, at(report, 'items'));
  item.properties?.forEach((member, index) => {
    lintProperty(member, at(report, 'properties', index));
  });
}

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Names reach SQL, Parquet and file names; those with a leading `_` belong to Sluice. */
export function lintName(name: string, path: YamlPath, report: Report): void {
  if (SNAKE_CASE.test(name)) return;
  const fix = name.startsWith('_') ? 'a leading _ is reserved for Sluice' : undefined;
  report(path, notAllowed(name, ['snake_case of a-z, 0-9 and _'], fix));
}

function lintShape(item: Item, report: Report): void {
  const type = storedTypeOf(item, report);
  const { items, properties, map } = item;
  if (items && type !== 'array') report(['items'], 'items are for an array; set logicalType: array');
  if (properties && type !== 'struct') report(['properties'], 'properties are for an object; set logicalType: object');
  if (map && item.logicalType !== 'map') report(['map'], 'map is for a map; set logicalType: map');
  if (type === 'array' && !items) report(['items'], 'missing, allowed: the logicalType of one item');
  if (type === 'struct' && !properties?.length) report(['properties'], 'missing, allowed: a list of members');
  lintMembers(item, report);
}

/** Rules judge columns. A rule on a nested value would be read by nobody, so it is refused. */
function lintMembers(item: Item, report: Report): void {
  const members = item.items ? [{ member: item.items, path: ['items'] as YamlPath }] : [];
  item.properties?.forEach((member, index) => {
    members.push({ member, path: ['properties', index] });
  });
  for (const { member, path } of members) {
    for (const key of RULE_KEYS) {
      if (member[key] !== undefined) report([...path, key], RULE_IN_NESTED);
    }
    for (const option of Object.keys(member.logicalTypeOptions ?? {})) {
      if (!DESCRIPTIVE_OPTIONS.includes(option)) report([...path, 'logicalTypeOptions', option], RULE_IN_NESTED);
    }
    for (const key of OUR_COLUMN_KEYS) {
      if (member.customProperties[key] !== undefined)
        report([...path, 'customProperties'], `${key}: ${RULE_IN_NESTED}`);
    }
  }
}

const RULE_KEYS = ['quality', 'enum', 'unique', 'primaryKey', 'relationships'] as const;
const OUR_COLUMN_KEYS = ['standardise', 'onFailure', 'blockAbovePercent'] as const;
const RULE_IN_NESTED = 'not for nested values; state it on the silver column that they become';

/** Options that say how a value is written, and restrict none. */
export const DESCRIPTIVE_OPTIONS: readonly string[] = ['format', 'timezone', 'defaultTimezone'];

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
/** The options that each type has in the standard and that some gate checks, or that only describe. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  integer: [...BOUNDS, 'multipleOf', 'format'],
  number: [...BOUNDS, 'multipleOf', 'format'],
  array: ['minItems', 'maxItems', 'uniqueItems'],
  date: [...BOUNDS, 'format'],
  timestamp: [...BOUNDS, ...DESCRIPTIVE_OPTIONS],
};

function lintOptions(item: Item, report: Report): void {
  const { logicalType, logicalTypeOptions = {} } = item;
  if (!STORED_TYPES.some((stored) => stored === logicalType)) return; // The type itself is refused.
  const allowed = OPTIONS[logicalType] ?? [];
  for (const [option, value] of Object.entries(logicalTypeOptions)) {
    const path = ['logicalTypeOptions', option];
    if (!allowed.includes(option))
      report(path, notAllowed(option, allowed.length ? allowed : ['none'], `no gate checks it on ${logicalType}`));
    else if (BOUNDS.includes(option) || option === 'multipleOf') lintValue(item, value, path, report);
    else if (option === 'pattern') lintPattern(String(value), path, report);
    else if (option === 'format' && logicalType === 'string') lintFormat(String(value), path, report);
    else if (option === 'uniqueItems') lintUniqueItems(item, path, report);
  }
  if (logicalTypeOptions.multipleOf !== undefined && item.physicalType === 'double')
    report(
      ['logicalTypeOptions', 'multipleOf'],
      'found on double, allowed: on exact numbers; a double is a multiple of hardly anything',
    );
}

function lintFormat(format: string, path: YamlPath, report: Report): void {
  if (!STRING_FORMATS.includes(format)) report(path, notAllowed(format, STRING_FORMATS));
}

function lintUniqueItems({ items }: Item, path: YamlPath, report: Report): void {
  if (items?.logicalType === 'array' || items?.logicalType === 'object')
    report(path, 'found on nested items, allowed: on items of one value');
}

/** A null key matches nothing, so a row without one would be merged anew by every run. */
function lintKey({ primaryKey, required, logicalType }: Property, report: Report): void {
  if (!primaryKey) return;
  if (!required) report(['primaryKey'], 'found true on a column that may be null; set required: true');
  if (logicalType === 'array' || logicalType === 'object')
    report(['primaryKey'], 'found true on nested values; a key is one value');
}
