import { type Contract, tableId } from '../../lib/contract/contract.ts';
import { type HistoryKey, hasHistory, historyKey } from '../../lib/plan/history.ts';
import type { Buckets, PlanInput } from '../../lib/plan/plan-run.ts';
import type { Ledger, TableState } from './ledger.ts';
import type { DeltaVersions } from './ports.ts';

/** Where a plan finds out what there is. */
export interface Known {
  readonly ledger: Ledger;
  readonly versions: DeltaVersions;
  /** Those of the domain, and of the tables of other domains that its gold is made of. */
  readonly contracts: readonly Contract[];
  readonly buckets: Buckets;
}

/** What a domain's tables hold, and what the ledger says of them. It changes nothing. */
export async function readKnown(
  { ledger, versions, contracts, buckets }: Known,
  domain: string,
  createdAt: string,
): Promise<Omit<PlanInput, 'runId' | 'domain' | 'createdAt'>> {
  const sources = contracts.filter(({ layer }) => layer !== 'gold');
  const states = await ledger.tables(sources.map(tableId));
  const latest = sources.map((contract) => latestOf(versions, contract, buckets, states.get(tableId(contract))));
  const [found, slots, published, hold, overrides, replays, histories] = await Promise.all([
    Promise.all(latest),
    ledger.slots(domain),
    ledger.published(domain),
    ledger.goldHold(domain),
    ledger.overrides(domain),
    ledger.replays(domain),
    ledger.histories(historyKeys(ofDomain(contracts, domain), createdAt)),
  ]);
  return {
    contracts,
    buckets,
    versions: Object.fromEntries(found.flat().map(({ id, version }) => [id, version])),
    unchangedSince: Object.fromEntries(found.flat().map(({ id, changed }) => [id, changed])),
    consumed: Object.fromEntries([...states].map(([id, { consumed = {} }]) => [id, consumed])),
    lastEventTimes: Object.fromEntries(
      [...states].flatMap(([id, { lastEventTime }]) => (lastEventTime === undefined ? [] : [[id, lastEventTime]])),
    ),
    watermarks: Object.fromEntries([...states].map(([id, { watermarks = {} }]) => [id, watermarks])),
    slots: Object.fromEntries(slots),
    published: published?.slot ?? null,
    hold,
    overrides,
    replays,
    histories,
  };
}

const ofDomain = (contracts: readonly Contract[], domain: string): Contract[] =>
  contracts.filter((contract) => contract.domain === domain);

const historyKeys = (contracts: readonly Contract[], createdAt: string): HistoryKey[] =>
  contracts.flatMap((contract) =>
    contract.checks.filter(hasHistory).map((check) => historyKey(tableId(contract), check, createdAt)),
  );

async function latestOf(
  versions: DeltaVersions,
  contract: Contract,
  buckets: Buckets,
  state: TableState | undefined,
): Promise<{ id: string; version: number; changed: number }[]> {
  const uri = `s3://${buckets[contract.layer]}/${contract.domain}/${contract.table}`;
  const version = await versions.latest(uri, state?.version);
  if (version === null) return [];
  return [{ id: tableId(contract), version, changed: await versions.lastChange(uri, version, state?.version ?? -1) }];
}
