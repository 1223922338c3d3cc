import { asArray, asMap, type Plain, withEntries, withProperties } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import { VENDOR } from '../vendor-properties.ts';
import { writeYaml } from '../write-yaml.ts';
import { downgradeServer } from './downgrade-server.ts';
import type { Exporter } from './export.ts';
import { withoutVendors } from './without-vendors.ts';

const VERSION = 'v3.1.0';

/** The same contract in v3.1 of the standard. What that has no key for moves to `customProperties`, or becomes a rule. */
export const exportOdcs: Exporter = ({ written }, report) =>
  writeYaml(withoutVendors(downgradeContract(asMap(written), report), report));

function downgradeContract(contract: Plain, report: Report): Plain {
  const { slaProperties, ...rest } = downgrade('contract', contract, report);
  if (rest.status === undefined) report(['status'], `required by ${VERSION}; set to active`);
  const levels = asArray(slaProperties).map(asMap);
  const moved = levels.flatMap((level, index) => slaExtras(level, at(report, 'slaProperties', index)));
  const kept = levels.map(({ customProperties: _, authoritativeDefinitions: __, ...level }) => level);
  return {
    ...withEntries({ ...rest, apiVersion: VERSION, status: rest.status ?? 'active' }, moved),
    ...(levels.length > 0 && { slaProperties: kept }),
  };
}

/** Service levels have no custom properties in v3.1; the contract's own name the level that they are of. */
function slaExtras({ id, property, ...level }: Plain, report: Report): Plain[] {
  const name = String(id ?? property);
  const extras = asArray(level.customProperties).map(asMap);
  if (asArray(level.authoritativeDefinitions).length > 0)
    extras.push({ property: 'authoritativeDefinitions', value: level.authoritativeDefinitions });
  return extras.map((entry) => {
    const text = `${VERSION} has none here; '${entry.property}' moved to the contract's customProperties`;
    report(['customProperties'], text);
    // Another entry there may have the same id.
    const ownId = entry.id === undefined ? {} : { id: `${name}-${entry.id}`.replace(/[^\w-]/g, '_') };
    return { ...entry, ...ownId, property: `slaProperties.${name}.${entry.property}` };
  });
}

type Kind = 'contract' | 'table' | 'property' | 'server' | 'relationship';

/** Keys that v3.1 does not know, by the map that they stand in. */
const NEW_KEYS: Readonly<Record<Kind, readonly string[]>> = {
  contract: ['context'],
  table: ['context', 'deprecated', 'synonyms'],
  property: ['deprecated', 'synonyms', 'semanticType'],
  server: [],
  relationship: ['id'],
};

/** Where further maps stand, one or a list of them. */
const PARTS: Readonly<Record<Kind, Readonly<Record<string, Kind>>>> = {
  contract: { schema: 'table', servers: 'server' },
  table: { properties: 'property', relationships: 'relationship' },
  property: { properties: 'property', items: 'property', relationships: 'relationship' },
  server: {},
  relationship: {},
};

function downgrade(kind: Kind, map: Plain, report: Report): Plain {
  const kept: Record<string, unknown> = {};
  const moved: [string, unknown][] = [];
  for (const [key, value] of Object.entries(reshape(kind, map, report))) {
    const part = PARTS[kind][key];
    if (part) kept[key] = downgradePart(part, value, at(report, key));
    else if (NEW_KEYS[kind].includes(key)) moved.push([key, value]);
    else kept[key] = value;
  }
  for (const [key] of moved) report([key], `${VERSION} has no such key here; moved to customProperties`);
  return withProperties(kept, moved);
}

function downgradePart(kind: Kind, value: unknown, report: Report): unknown {
  if (!Array.isArray(value)) return downgrade(kind, asMap(value), report);
  return value.map((entry, index) => downgrade(kind, asMap(entry), at(report, index)));
}

function reshape(kind: Kind, map: Plain, report: Report): Plain {
  if (kind === 'server') return downgradeServer(map, report);
  if (kind === 'property') return downgradeReferences(downgradeType(downgradeEnum(map, report), report), report);
  return kind === 'table' ? downgradeReferences(map, report) : map;
}

/** Members of an enum become a rule, which tools of v3.1 run; their labels and descriptions are kept beside it. */
function downgradeEnum(property: Plain, report: Report): Plain {
  const { enum: members, ...rest } = property;
  if (members === undefined) return property;
  const values = asArray(members).map((member) => asMap(member).value);
  const hasMore = asArray(members).some((member) => Object.keys(asMap(member)).length > 1);
  const kept = hasMore ? withProperties(rest, [['enum', members]]) : rest;
  const quality = asArray(rest.quality).map(asMap);
  if (quality.some((rule) => isRuleOf(rule, values))) {
    report(['enum'], `${VERSION} has none; the rule that repeats it stays`);
    return kept;
  }
  const id = `${property.name ?? 'items'}_enum`;
  report(['enum'], `${VERSION} has none; became the rule '${id}'`);
  return { ...kept, quality: [...quality, enumRule(id, values, property)] };
}

const isRuleOf = ({ metric, arguments: args }: Plain, values: readonly unknown[]): boolean =>
  metric === 'invalidValues' && sameMembers(asArray(asMap(args).validValues), values);

const sameMembers = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a.map(String).sort()) === JSON.stringify(b.map(String).sort());

/** The rule does on failure what the column says of its facts. */
function enumRule(id: string, validValues: readonly unknown[], property: Plain): Plain {
  const outcome = asArray(property.customProperties).filter((entry) => saysOutcome(asMap(entry)));
  return {
    id,
    name: id,
    metric: 'invalidValues',
    arguments: { validValues },
    mustBe: 0,
    ...(outcome.length > 0 && { customProperties: outcome }),
  };
}

const saysOutcome = ({ property, vendor = VENDOR }: Plain): boolean =>
  vendor === VENDOR && ['onFailure', 'blockAbovePercent'].includes(String(property));

/** Maps and vectors become the nearest older type, and say in `customProperties` what they are. */
function downgradeType(property: Plain, report: Report): Plain {
  const { logicalType, logicalTypeOptions, map, ...rest } = property;
  if (logicalType !== 'map' && logicalType !== 'vector') return property;
  const nearest = logicalType === 'map' ? 'object' : 'array';
  report(
    ['logicalType'],
    `${VERSION} has no '${logicalType}'; became '${nearest}', the type moved to customProperties`,
  );
  return withProperties(
    { ...rest, logicalType: nearest, ...(nearest === 'array' && { items: { logicalType: 'number' } }) },
    [[logicalType, logicalType === 'map' ? map : (logicalTypeOptions ?? {})]],
  );
}

/** `table.column`, or a path in this or another file. */
const REFERENCE =
  /^[A-Za-z_]\w*\.[A-Za-z_]\w*$|^(?:[\w./:-]+\.yaml#)?\/?[A-Za-z_]\w*\/[\w-]+(?:\/[A-Za-z_]\w*\/[\w-]+)*$/;

/** v3.1 takes fewer forms of a reference; a relationship that it refuses is kept where it refuses nothing. */
function downgradeReferences(map: Plain, report: Report): Plain {
  const relationships = asArray(map.relationships).map(asMap);
  const refused = relationships.filter(({ from, to }) => ![from, to].flat().every(isReference));
  if (refused.length === 0) return map;
  report(['relationships'], `${VERSION} refuses the form of ${refused.length} of them; moved to customProperties`);
  const kept = relationships.filter((relationship) => !refused.includes(relationship));
  return withProperties({ ...map, relationships: kept }, [['relationships', refused]]);
}

const isReference = (found: unknown): boolean => found === undefined || REFERENCE.test(String(found));
