import { type Contract, type Layer, tableId } from '../contract/contract.ts';
import { upstreamOf } from '../contract/upstream.ts';
import type { History } from './history.ts';
import { type Override, overridesAt } from './override.ts';
import type { PlanInput } from './plan-run.ts';
import type { Replay } from './replay.ts';

/** What is known before a run, by the name of the table that it is of. */
export interface LookUp {
  readonly contracts: ReadonlyMap<string, Contract>;
  /** Those of the domain, by the name of the table. */
  readonly layers: Readonly<Record<Layer, readonly Contract[]>>;
  /** Those of other domains, of which its gold is made. */
  readonly upstream: readonly Contract[];
  /** By the run's only clock: what is in force when it is planned holds to its end. */
  readonly overrides: ReadonlyMap<string, readonly Override[]>;
  readonly replays: ReadonlyMap<string, readonly Replay[]>;
  readonly histories: ReadonlyMap<string, readonly History[]>;
}

const made = new WeakMap<PlanInput, LookUp>();

/** It is made once for an input: to search all for each table would take the square of their number. */
export function lookUp(input: PlanInput): LookUp {
  const known = made.get(input) ?? lookUpOf(input);
  made.set(input, known);
  return known;
}

function lookUpOf({ contracts, domain, overrides, createdAt, replays, histories }: PlanInput): LookUp {
  const own = contracts.filter((contract) => contract.domain === domain).sort((a, b) => a.table.localeCompare(b.table));
  const ofLayer = (layer: Layer) => own.filter((contract) => contract.layer === layer);
  return {
    contracts: new Map(contracts.map((contract) => [tableId(contract), contract])),
    upstream: upstreamOf(domain, contracts),
    layers: { bronze: ofLayer('bronze'), silver: ofLayer('silver'), gold: ofLayer('gold') },
    overrides: byTable(overridesAt(overrides, createdAt)),
    replays: byTable(replays),
    histories: byTable(histories),
  };
}

function byTable<T extends { readonly table: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const each of all) {
    const ofTable = found.get(each.table);
    if (ofTable) ofTable.push(each);
    else found.set(each.table, [each]);
  }
  return found;
}
