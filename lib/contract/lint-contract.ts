import type { Place } from './contract-file.ts';
import { lintComputed } from './lint-computed.ts';
import { lintName, lintProperty } from './lint-property.ts';
import { lintTableRule } from './lint-rule.ts';
import { lintSla } from './lint-sla.ts';
import type { OdcsContract } from './odcs-contract.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';

/** What a file must keep as a whole, beyond the standard's schema and beyond each single column. */
export function lintContract(odcs: OdcsContract, table: Table, place: Place, report: Report): void {
  lintPlace(odcs, table, place, report);
  lintTable(table, at(report, 'schema', 0));
  lintNames(table, at(report, 'schema', 0));
  lintComputed(table, at(report, 'schema', 0));
  lintSla(odcs.slaProperties, table, at(report, 'slaProperties'));
  lintPeople(odcs, report);
}

function lintTable({ properties, quality }: Table, report: Report): void {
  properties.forEach((property, index) => {
    lintProperty(property, at(report, 'properties', index));
  });
  quality.forEach((rule, index) => {
    lintTableRule(rule, at(report, 'quality', index));
  });
}

/** A table is found by its path, so the path must not lie. */
function lintPlace(odcs: OdcsContract, table: Table, place: Place, report: Report): void {
  if (odcs.domain !== place.domain)
    report(['domain'], notAllowed(odcs.domain, [place.domain], 'the folder is called so'));
  if (table.name !== place.table) {
    report(['schema', 0, 'name'], notAllowed(table.name, [place.table], 'the file is called so'));
  }
  if (!/^[A-Za-z0-9][\w.:/-]*$/.test(odcs.id))
    report(['id'], notAllowed(odcs.id, ['letters, digits and any of . _ - : / after the first']));
  lintName(place.domain, [], report);
  lintName(table.name, ['schema', 0, 'name'], report);
}

function lintNames({ properties, quality }: Table, report: Report): void {
  lintColumnNames(properties, at(report, 'properties'));
  const rules = [
    ...properties.flatMap(({ quality: own = [] }, i) =>
      own.map((rule, j) => ({ rule, path: ['properties', i, 'quality', j] })),
    ),
    ...quality.map((rule, j) => ({ rule, path: ['quality', j] })),
  ];
  for (const key of ['id', 'name'] as const) {
    rules.forEach(({ rule, path }, index) => {
      const isRepeated = rules.slice(0, index).some((other) => other.rule[key] === rule[key]);
      if (isRepeated) report([...path, key], `found '${rule[key]}' a second time, allowed: once in the file`);
    });
  }
  const columns = properties.map(({ name }) => name);
  quality.forEach(({ arguments: args }, index) => {
    lintColumnList(args?.properties, columns, at(report, 'quality', index, 'arguments', 'properties'));
  });
}

function lintColumnList(names: unknown, columns: readonly string[], report: Report): void {
  if (!Array.isArray(names)) return;
  names.forEach((name, index) => {
    if (!columns.includes(name)) report([index], `${notAllowed(name, columns)}`);
  });
}

function lintColumnNames(properties: readonly Property[], report: Report): void {
  properties.forEach(({ name, items, properties: members }, index) => {
    const isRepeated = properties.slice(0, index).some((other) => other.name === name);
    if (isRepeated) report([index, 'name'], `found '${name}' a second time, allowed: once in the table`);
    if (items?.properties) lintColumnNames(items.properties, at(report, index, 'items', 'properties'));
    if (members) lintColumnNames(members, at(report, index, 'properties'));
  });
}

function lintPeople({ team, support }: OdcsContract, report: Report): void {
  const owners = team.members.filter(({ role }) => role === 'owner').length;
  if (owners !== 1) report(['team'], `found ${owners} members with role owner, allowed: 1`);
  const issues = support.filter(({ scope }) => scope === 'issues').length;
  if (issues !== 1) report(['support'], `found ${issues} channels with scope issues, allowed: 1`);
}
