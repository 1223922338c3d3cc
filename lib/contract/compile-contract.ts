import { parseAvailableBy } from './available-by.ts';
import type { Changes } from './changes.ts';
import { checksOf, primaryKeyOf } from './compile-checks.ts';
import { columnsOf } from './compile-columns.ts';
import { peopleOf } from './compile-people.ts';
import { type Ahead, type Check, type Contract, type Input, SLA_DURATIONS, type Slas } from './contract.ts';
import { parseDuration } from './duration.ts';
import { isValidity } from './history.ts';
import type { OdcsContract, SlaProperty } from './odcs-contract.ts';
import type { Table } from './odcs-table.ts';
import type { Schedule } from './schedule.ts';
import type { Pipeline } from './vendor-properties.ts';

type Written<K extends keyof Pipeline> = NonNullable<Pipeline[K]>;

/** A contract as all other parts of Sluice read it. It must have passed `lintContract`. */
export function compileContract(odcs: OdcsContract, table: Table, pipeline: Pipeline, file: string): Contract {
  const { layer, ingest, versionOf, lateness, ahead, changes, write, schedule } = pipeline;
  const { blockAbovePercent, sharedWith } = table.customProperties;
  const horizon = parseDuration(lateness);
  return {
    id: odcs.id,
    name: odcs.name,
    version: odcs.version,
    status: odcs.status,
    domain: odcs.domain,
    layer,
    table: table.name,
    description: odcs.description.purpose,
    granularity: table.dataGranularityDescription,
    columns: columnsOf(table.properties),
    checks: [...checksOf(table, layer), ...odcs.slaProperties.flatMap(freshnessChecks)].filter(
      ({ kind, columns: [column = ''] }) => kind !== 'required' || !isValidity({ write }, column),
    ),
    relationships: [], // Where they lead is known when all contracts are read.
    ...(blockAbovePercent !== undefined && { blockAbovePercent }),
    ...(ingest && { ingest }),
    inputs: inputsOf(pipeline),
    ...(sharedWith && { sharedWith }),
    ...(versionOf !== undefined && { versionOf }),
    ...(horizon && { lateness: { minutes: horizon.minutes } }),
    ...(ahead && { ahead: aheadOf(ahead) }),
    ...(changes && { changes: changesOf(changes) }),
    write: {
      mode: write.mode,
      keys: write.keys ?? primaryKeyOf(table.properties),
      ...(write.columns && { columns: write.columns }),
    },
    ...(schedule && { schedule, ...availableByOf(odcs, schedule) }),
    slas: slasOf(odcs),
    ...peopleOf(odcs),
    file,
  };
}

/** A view is made of the table of which it is an older version, and of nothing else. */
const inputsOf = ({ inputs, versionOf, write }: Pipeline): Input[] =>
  write.mode === 'view' && versionOf !== undefined ? [{ table: versionOf }] : inputs.map(inputOf);

const inputOf = ({ table, explode, optional }: Pipeline['inputs'][number]): Input => ({
  table,
  ...(explode !== undefined && { explode }),
  ...(optional && { optional }),
});

const aheadOf = (ahead: Written<'ahead'>): Ahead[] =>
  Object.entries(ahead).map(([column, text]) => ({ column, minutes: parseDuration(text)?.minutes ?? 0 }));

const changesOf = ({ operation, deletes = [], truncates = [], orderBy }: Written<'changes'>): Changes => ({
  ...(operation !== undefined && { operation }),
  deletes,
  truncates,
  ...(orderBy !== undefined && { orderBy }),
});

/** A promise of freshness that says what becomes of a breach is a check, too. */
function freshnessChecks({ property, value, unit, element = '', customProperties }: SlaProperty): Check[] {
  const { onFailure } = customProperties;
  const minutes = parseDuration(value, unit)?.minutes;
  if (property !== 'freshness' || !onFailure || minutes === undefined) return [];
  const column = element.split('.').at(-1) ?? '';
  const expect = { operator: 'mustBeLessOrEqualTo', bounds: [minutes], unit: 'minutes' } as const;
  const names = { id: `${column}.freshness`, name: `${column}_freshness` };
  return [{ ...names, kind: 'freshness', columns: [column], expect, onFailure }];
}

function availableByOf({ slaProperties }: OdcsContract, { timeZone }: Schedule): Pick<Contract, 'availableBy'> {
  const entry = slaProperties.find(({ property }) => property === 'timeOfAvailability');
  const availableBy = parseAvailableBy(entry?.value, timeZone);
  return availableBy ? { availableBy } : {};
}

const slasOf = ({ slaProperties }: OdcsContract): Slas =>
  Object.fromEntries(
    slaProperties.flatMap(({ property, value, unit, element, customProperties }) => {
      const minutes = parseDuration(value, unit)?.minutes;
      const isDuration = SLA_DURATIONS.some((known) => known === property) && minutes !== undefined;
      return isDuration ? [[property, { minutes, element, slo: customProperties.slo }]] : [];
    }),
  );
