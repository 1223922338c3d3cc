import type { Check } from './contract.ts';
import type { Table } from './odcs-table.ts';
import type { Groups } from './vendor-properties.ts';

/** What gold promises about telling too much. It blocks always: a group that was shown is not taken back. */
export function disclosureChecks({ name, properties, customProperties }: Table): Check[] {
  const rounded = properties.flatMap((column): Check[] => {
    const { rounded: unit } = column.customProperties;
    if (unit === undefined) return [];
    const names = { id: `${column.name}.rounded`, name: `${column.name}_rounded` };
    return [{ ...names, kind: 'multipleOf', columns: [column.name], value: String(unit), onFailure: 'block' }];
  });
  return [...rounded, ...(customProperties.groups ? groupChecks(customProperties.groups, name) : [])];
}

/** The least people of a row, and how many of all people, in percent, are in rows that were merged to have so many. */
function groupChecks({ persons, atLeast, merged }: Groups, table: string): Check[] {
  const small: Check = {
    ...{ id: 'groups.minimum', name: 'groups_minimum', kind: 'minimum' },
    ...{ columns: [persons], value: String(atLeast), onFailure: 'block' },
  };
  if (merged === undefined) return [small];
  const share: Check = {
    ...{ id: 'groups.merged_percent', name: 'groups_merged_percent', kind: 'sql', columns: [] },
    query: `select coalesce(sum(case when ${merged} > 1 then ${persons} else 0 end) * 100.0 / nullif(sum(${persons}), 0), 0) from ${table}`,
    expect: { operator: 'mustBeBetween', bounds: [0, 100], unit: 'number' },
    onFailure: 'record',
  };
  return [small, share];
}
