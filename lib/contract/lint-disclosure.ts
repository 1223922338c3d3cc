import type { Layer } from './contract.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';

/** What keeps a table from telling too much is computed by models of gold, and counts what its columns count. */
export function lintDisclosure({ properties, customProperties }: Table, layer: Layer, report: Report): void {
  properties.forEach((property, index) => {
    if (property.customProperties.rounded !== undefined)
      lintRounded(property, layer, at(report, 'properties', index, 'customProperties'));
  });
  const { groups } = customProperties;
  if (!groups) return;
  if (layer !== 'gold') report(['customProperties'], `groups: found on ${layer}, allowed: on gold`);
  const counts = properties.filter(({ logicalType, required }) => logicalType === 'integer' && required);
  for (const key of ['persons', 'merged'] as const) {
    const column = groups[key];
    if (column === undefined || counts.some(({ name }) => name === column)) continue;
    const names = counts.map(({ name }) => name);
    const why = 'a count is a required integer';
    report(['customProperties'], `groups.${key}: ${notAllowed(column, names.length > 0 ? names : ['none here'], why)}`);
  }
}

function lintRounded({ logicalType, items }: Property, layer: Layer, report: Report): void {
  if (layer !== 'gold') report([], `rounded: found on ${layer}, allowed: on gold`);
  if (items || (logicalType !== 'integer' && logicalType !== 'number'))
    report([], `rounded: found on ${logicalType}, allowed: on integer and number`);
}
