import { type Contract, type Ingest, tableId } from './contract.ts';
import type { ContractFile } from './contract-file.ts';
import { durationText } from './contract-sections.ts';
import type { Problem } from './problem.ts';

/**
 * Minutes until what was sent is in bronze, at the most that any environment takes: a delivery stream gathers for five
 * and writes in the next. A test holds them against `lib/environments.ts`.
 */
export const ARRIVAL_MINUTES: Readonly<Record<Ingest['from'], number>> = {
  stream: 1,
  firehose: 6,
  files: 1,
  pull: 1,
  cdc: 1,
};

/** Minutes of a run, from the commit that asks for it to gold: it settles, Spark starts cold, silver and gold are made. */
export const RUN_MINUTES = 10;

/** A promise of freshness that the way of the data cannot keep is broken from its first day. */
export function lintFreshness(files: readonly ContractFile[]): Problem[] {
  const contracts = files.flatMap(({ contract }) => (contract ? [contract] : []));
  const byId = new Map(contracts.map((contract) => [tableId(contract), contract]));
  return files.flatMap(({ contract, odcs, source }) => {
    const promised = contract?.slas.freshness?.minutes;
    if (!contract || promised === undefined) return [];
    const { minutes, reasons } = leastOf(contract, byId);
    if (promised >= minutes) return [];
    const index = odcs?.slaProperties.findIndex(({ property }) => property === 'freshness') ?? 0;
    const text = `found ${durationText(promised)}, allowed: at least ${durationText(minutes)}: ${reasons.join(', ')}`;
    return [source.problem(['slaProperties', index, 'value'], text)];
  });
}

interface Least {
  readonly minutes: number;
  readonly reasons: readonly string[];
}

/** What a table waits for: how often its source delivers, how long that is under way, and the run that makes it. */
function leastOf(contract: Contract, byId: ReadonlyMap<string, Contract>): Least {
  if (contract.layer === 'bronze') return arrivalOf(contract);
  const arrivals = bronzeOf(contract, byId).map(arrivalOf);
  const latest = arrivals.reduce((worst, each) => (each.minutes > worst.minutes ? each : worst), NONE);
  const run = contract.slas.latency?.minutes ?? RUN_MINUTES;
  return { minutes: latest.minutes + run, reasons: [...latest.reasons, `a run takes ${durationText(run)}`] };
}

const NONE: Least = { minutes: 0, reasons: [] };

function arrivalOf({ ingest, slas }: Contract): Least {
  const way = ingest ? ARRIVAL_MINUTES[ingest.from] : 0;
  const every = slas.frequency?.minutes ?? 0;
  const reasons = [
    ...(every > 0 ? [`its source delivers every ${durationText(every)}`] : []),
    `${ingest?.from ?? 'it'} arrives within ${durationText(way)}`,
  ];
  return { minutes: every + way, reasons };
}

/** The bronze tables at the other end of a table's inputs; a loop, which is refused elsewhere, ends the search. */
export function bronzeOf(
  contract: Contract,
  byId: ReadonlyMap<string, Contract>,
  seen = new Set<string>(),
): Contract[] {
  if (seen.has(tableId(contract))) return [];
  seen.add(tableId(contract));
  if (contract.layer === 'bronze') return [contract];
  return contract.inputs.flatMap(({ table }) => {
    const input = byId.get(table);
    return input ? bronzeOf(input, byId, seen) : [];
  });
}
