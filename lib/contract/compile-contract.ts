import { checksOf, primaryKeyOf } from './compile-checks.ts';
import { columnsOf } from './compile-columns.ts';
import type { Contract, Input } from './contract.ts';
import { durationMinutes } from './lint-sla.ts';
import type { OdcsContract } from './odcs-contract.ts';
import type { Table } from './odcs-table.ts';
import type { Pipeline } from './vendor-properties.ts';

/** A contract as all other parts of Sluice read it. It must have passed `lintContract`. */
export function compileContract(odcs: OdcsContract, table: Table, pipeline: Pipeline, file: string): Contract {
  const { layer, ingest, write } = pipeline;
  const freshnessMinutes = freshnessOf(odcs);
  const owner = odcs.team.members.find(({ role }) => role === 'owner')?.username;
  return {
    id: odcs.id,
    version: odcs.version,
    domain: odcs.domain,
    layer,
    table: table.name,
    description: odcs.description.purpose,
    granularity: table.dataGranularityDescription,
    columns: columnsOf(table.properties),
    checks: checksOf(table, layer),
    ...(ingest && { ingest }),
    inputs: pipeline.inputs.map(inputOf),
    write: { mode: write.mode, keys: write.keys ?? primaryKeyOf(table.properties) },
    ...(freshnessMinutes !== undefined && { freshnessMinutes }),
    ...(owner !== undefined && { owner }),
    file,
  };
}

const inputOf = ({ table, explode }: Pipeline['inputs'][number]): Input =>
  explode === undefined ? { table } : { table, explode };

function freshnessOf({ slaProperties }: OdcsContract): number | undefined {
  const freshness = slaProperties.find(({ property }) => property === 'freshness');
  return freshness && durationMinutes(freshness);
}
