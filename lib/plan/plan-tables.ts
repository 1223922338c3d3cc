import { type Contract, databaseOf, tableId } from '../contract/contract.ts';
import { withHistory } from './learn-usual.ts';
import { lookUp } from './look-up.ts';
import { type Override, withOverride } from './override.ts';
import type { ModelTask, PlannedCheck, TableRef } from './plan.ts';
import type { PlanInput } from './plan-run.ts';

/** Where gold is built, out of the sight of consumers. */
export type Place = Pick<ModelTask, 'database' | 'locationRoot'>;

/** What is asked of a table, with what overrides and histories say of it. */
export const checksOf = (input: PlanInput, contract: Contract): PlannedCheck[] =>
  contract.checks.map((check) =>
    withHistory(
      tableId(contract),
      withOverride(check, overrideOf(input, contract, check.id)),
      lookUp(input).histories.get(tableId(contract)) ?? [],
      input.createdAt,
    ),
  );

export const overrideOf = (input: PlanInput, contract: Contract, rule: string): Override | undefined =>
  lookUp(input)
    .overrides.get(tableId(contract))
    ?.find((each) => each.rule === rule);

/** The tables of the domain that a table's checks look into; gold ones are those of the place where gold is built. */
export function tablesRead(input: PlanInput, { checks }: Contract, place?: Place): TableRef[] {
  const { contracts } = lookUp(input);
  const ids = new Set(
    checks.flatMap(({ references, reads = [] }) => [references?.table ?? [], reads.map(({ table }) => table)].flat()),
  );
  return [...ids].sort().flatMap((id) => {
    const contract = contracts.get(id);
    return contract ? [tableRef(input, contract, place)] : [];
  });
}

/** A gold table in a place; without one, where consumers find the table. */
export function tableRef({ buckets }: PlanInput, contract: Contract, place?: Place): TableRef {
  const { domain, layer, table } = contract;
  const uri = `s3://${buckets[layer]}/${domain}/${table}`;
  const ref = { id: tableId(contract), database: databaseOf(contract), table, uri };
  if (layer !== 'gold' || !place) return ref;
  return { ...ref, database: place.database, uri: `${place.locationRoot}/${table}` };
}
