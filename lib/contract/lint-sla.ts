import { SLA_DURATIONS } from './contract.ts';
import { parseDuration, unitWords } from './duration.ts';
import type { SlaProperty } from './odcs-contract.ts';
import type { Table } from './odcs-table.ts';
import { at, describeFound, notAllowed, type Report } from './problem.ts';

/** Service levels that are durations are judged; others are passed on. */
export function lintSla(sla: readonly SlaProperty[], table: Table, report: Report): void {
  sla.forEach((entry, index) => {
    if (entry.customProperties.onFailure) lintGate(entry, table, at(report, index));
    if (!SLA_DURATIONS.some((known) => known === entry.property)) return;
    lintDuration(entry, at(report, index));
    if (entry.element !== undefined) lintElement(entry.element, entry.property, table, at(report, index, 'element'));
    const first = sla.findIndex(({ property }) => property === entry.property);
    if (first < index) report([index, 'property'], `found a second '${entry.property}', allowed: one a table`);
  });
}

/** `unit: m` means minutes in one tool and months in another, so only whole words and ISO 8601 are taken. */
function lintDuration({ property, value, unit }: SlaProperty, report: Report): void {
  const words = unitWords(property === 'freshness' ? 'week' : 'year');
  const duration = parseDuration(value, unit);
  if (duration?.units.every((each) => words.includes(each))) return;
  if (typeof value === 'number' && value > 0) report(['unit'], notAllowed(unit, words));
  else report(['value'], notAllowed(value, ['a number above 0 with a unit', 'an ISO 8601 duration such as PT30M']));
}

/** A service level is watched; one with `onFailure` is also a check that the gate obeys. */
function lintGate(
  { property, element, customProperties }: SlaProperty,
  { customProperties: own }: Table,
  report: Report,
) {
  const { onFailure } = customProperties;
  if (property !== 'freshness' || own.pipeline?.layer === 'bronze')
    report(['customProperties'], 'onFailure: allowed: on the freshness of silver and gold');
  else if (!element?.includes('.'))
    report(['element'], `${describeFound(element)}, allowed: <table>.<column>, the time that is judged`);
  if (onFailure === 'quarantine')
    report(['customProperties'], `onFailure: ${notAllowed(onFailure, ['block', 'warn'], 'it judges the whole table')}`);
}

/** The table, or the column by whose time the promise is measured. */
function lintElement(element: string, property: string, { name, properties }: Table, report: Report): void {
  const columns = properties.filter(
    ({ logicalType }) => property !== 'freshness' || logicalType === 'timestamp' || logicalType === 'date',
  );
  const allowed = [name, ...columns.map((column) => `${name}.${column.name}`)];
  if (!allowed.includes(element)) report([], notAllowed(element, allowed));
}
