import type { FileCounts } from '../../lambdas/shared/file-ports.ts';
import type { DomainState, RunItem, Sent, TableState } from '../../lambdas/shared/ledger.ts';
import { type Contract, tableId } from '../../lib/contract/contract.ts';
import { count, plural } from './format.ts';

/** Everything that tells whether a domain has come to rest. */
export interface Accounts {
  readonly domain: string;
  readonly sent: readonly Sent[];
  readonly tables: ReadonlyMap<string, TableState>;
  /** Files that landed by themselves, by table; those of delivery streams hold events that were sent, and are none. */
  readonly files: ReadonlyMap<string, FileCounts>;
  readonly state: DomainState;
  readonly lastRun: RunItem | undefined;
}

export const quarantineOf = (domain: string): string => `${domain}.ops.quarantine`;

/** Events by where they are. What is neither landed nor quarantined is in flight. */
export function countEvents({ domain, sent, tables, files }: Pick<Accounts, 'domain' | 'sent' | 'tables' | 'files'>) {
  const total = [...sent, ...files.values()].reduce((sum, { events }) => sum + events, 0);
  const quarantined = tables.get(quarantineOf(domain))?.accounted ?? 0;
  const accounted = [...tables.values()].reduce((sum, state) => sum + (state.accounted ?? 0), 0);
  return { sent: total, landed: accounted - quarantined, quarantined };
}

/** What a domain still has to do before it is at rest, as sentences; empty when it is. */
export function whatIsMissing(accounts: Accounts, contracts: readonly Contract[]): string[] {
  const { domain, state } = accounts;
  const { sent, landed, quarantined } = countEvents(accounts);
  const inFlight = sent - landed - quarantined;
  const openFiles = [...accounts.files.values()].reduce((sum, { announced, ended }) => sum + announced - ended, 0);
  return [
    ...(openFiles > 0 ? [`${domain}: ${plural(openFiles, 'file')} announced and not landed to the end`] : []),
    ...(inFlight > 0
      ? [`${domain}: ${count(inFlight)} of ${count(sent)} sent events are neither landed nor quarantined`]
      : []),
    ...(state.activeRun ? [`${domain}: run ${state.activeRun} is active`] : []),
    ...(state.dirty && !state.activeRun
      ? [`${domain}: more was committed, and the run that follows has not started`]
      : []),
    ...behind(accounts, contracts),
  ];
}

/** Silver tables that no run has brought up to their bronze table, unless a run since then has failed to. */
function behind({ domain, tables, lastRun }: Accounts, contracts: readonly Contract[]): string[] {
  const silver = contracts.filter((contract) => contract.domain === domain && contract.layer === 'silver');
  return silver.flatMap((contract) =>
    contract.inputs.flatMap(({ table }) => {
      const source = tables.get(table);
      const merged = tables.get(tableId(contract))?.consumed?.[table];
      if (!source || (merged ?? -1) >= source.version || isJudgedSince(lastRun, source.committedAt)) return [];
      return [`${tableId(contract)} holds ${table} up to version ${merged ?? 'none'} of ${source.version}`];
    }),
  );
}

const isJudgedSince = (run: RunItem | undefined, committedAt: string | undefined): boolean =>
  run?.endedAt !== undefined && committedAt !== undefined && run.startedAt > committedAt;
