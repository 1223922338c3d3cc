import { type Contract, tableId, type Usual } from '../contract/contract.ts';
import { durationText } from '../contract/contract-sections.ts';
import { bronzeOf } from '../contract/lint-freshness.ts';
import { byTheClock, madeAt } from '../plan/by-the-clock.ts';
import { usualRange } from '../quality/usual-range.ts';
import { endOfHour, startOfHour, volumeWindows, type Window } from './hours.ts';
import type { Arrivals, Seen, Snapshot } from './snapshot.ts';
import type { Finding } from './watch.ts';

/** What tables promise: how fresh they are, when they are there, and that as much comes as usual. */
export function judgeTables(snapshot: Snapshot): Seen<Finding> {
  const volumes = judgeVolumes(snapshot);
  return {
    findings: [...lateTables(snapshot), ...overdue(snapshot), ...volumes.findings],
    unknown: [...unseen(snapshot), ...volumes.unknown],
  };
}

/** Promises that cannot be judged, which is not to say that they are kept. */
function unseen(snapshot: Snapshot): string[] {
  const behind = snapshot.contracts.filter(({ layer, slas }) => layer !== 'bronze' && slas.freshness);
  const tables = behind.filter((contract) => isFresh(contract, snapshot) === undefined).map(tableId);
  const reason = snapshot.isGoldHeld ? 'gold is held, or ' : '';
  return tables.length > 0
    ? [`freshness of ${tables.join(', ')}: ${reason}what came for their bronze tables is not counted`]
    : [];
}

/** Whether a table keeps its promise of freshness; undefined where it gives none, or none that can be judged. */
export function isFresh(contract: Contract, snapshot: Snapshot): boolean | undefined {
  const promised = contract.slas.freshness?.minutes;
  if (promised === undefined) return undefined;
  const since = waitingSince(contract, snapshot);
  if (since !== undefined && Date.parse(snapshot.now) - since > promised * 60_000) return false;
  return isSeen(contract, snapshot) ? true : undefined;
}

/** Whether all is known that could make a table late. What was never delivered is not known to be due. */
function isSeen(contract: Contract, snapshot: Snapshot): boolean {
  const { arrivals, isGoldHeld, tables } = snapshot;
  if (contract.layer === 'bronze')
    return contract.slas.frequency !== undefined && tables.get(tableId(contract))?.committedAt !== undefined;
  const sources = sourcesOf(contract, snapshot);
  const isHeld = contract.layer === 'gold' && isGoldHeld;
  return !isHeld && sources.length > 0 && sources.every((source) => arrivals.has(source));
}

/**
 * Since when the table has been owing something, in milliseconds since 1970. A source that says how often it delivers
 * owes the next delivery; a table behind bronze owes what came there since it was made. A source that is silent about
 * it may be silent: a shop is closed at night.
 */
function waitingSince(contract: Contract, snapshot: Snapshot): number | undefined {
  if (contract.layer === 'bronze')
    return contract.slas.frequency && millis(snapshot.tables.get(tableId(contract))?.committedAt);
  const made = madeAt(contract.layer, snapshot.runs)?.getTime() ?? Number.NEGATIVE_INFINITY;
  const arrived = sourcesOf(contract, snapshot).flatMap((source) => arrivalsAfter(made, source, snapshot));
  return arrived.length > 0 ? Math.min(...arrived) : undefined;
}

function sourcesOf(contract: Contract, { contracts }: Snapshot): string[] {
  return bronzeOf(contract, new Map(contracts.map((each) => [tableId(each), each]))).map(tableId);
}

/** Of an hour its end is told, since its first event may have come then; of one that goes on, the last commit. */
function arrivalsAfter(made: number, table: string, { arrivals, tables }: Snapshot): number[] {
  const committed = millis(tables.get(table)?.committedAt);
  if (committed === undefined || committed <= made) return [];
  const hours = arrivals.get(table)?.hours.filter(({ hour, landed }) => landed > 0 && startOfHour(hour) >= made) ?? [];
  return [committed, ...hours.map(({ hour }) => endOfHour(hour))];
}

const millis = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));

function lateTables(snapshot: Snapshot): Finding[] {
  return snapshot.contracts
    .filter((contract) => isFresh(contract, snapshot) === false)
    .map((contract) => {
      const about = tableId(contract);
      const since = new Date(waitingSince(contract, snapshot) ?? 0).toISOString();
      const what = contract.layer === 'bronze' ? 'nothing has come since' : 'it does not show what came by';
      const promised = durationText(contract.slas.freshness?.minutes ?? 0);
      return { kind: 'late-table', about, message: `${what} ${since}; ${promised} are promised` };
    });
}

function overdue({ contracts, runs, published, now }: Snapshot): Finding[] {
  return byTheClock(contracts, runs, published, new Date(now)).overdue.map(({ table, since, run }) => ({
    kind: 'overdue-table',
    about: table,
    cause: since.toISOString(),
    message: `promised by ${since.toISOString()}, and no run since ${run.toISOString()} has made it`,
  }));
}

/** Fewer weeks tell nothing of what is usual. */
const LEAST_WEEKS = 4;
/** Nobody is called for a handful of events, or for half as many again. */
const USUAL: Usual = {
  ...{ season: 'dayOfWeek', minHistory: LEAST_WEEKS },
  ...{ deviations: 6, minChangePercent: 50, minChange: 20 },
};

function judgeVolumes({ contracts, arrivals, now }: Snapshot): Seen<Finding> {
  const tables = contracts.filter(({ layer }) => layer === 'bronze').map(tableId);
  const judged = tables.map((table) => judgeVolume(table, arrivals.get(table), volumeWindows(now)));
  const unjudged = tables.filter((_, index) => judged[index] === undefined);
  const reason = `fewer than ${LEAST_WEEKS} weeks of the same hours are known, or balance-accounts has not counted them lately`;
  return {
    findings: judged.flatMap((finding) => finding ?? []),
    unknown: unjudged.length > 0 ? [`what usually comes for ${unjudged.join(', ')}: ${reason}`] : [],
  };
}

/** Undefined where too little is known, null where all is as usual. */
function judgeVolume(table: string, arrivals: Arrivals | undefined, windows: readonly Window[]) {
  const { hours = [], firstHour = null } = arrivals ?? {};
  const produced = ({ first, last }: Window): number =>
    hours.reduce((sum, each) => sum + (each.hour >= first && each.hour <= last ? each.produced : 0), 0);
  const [current, ...weeks] = windows;
  const known = weeks.filter(({ first }) => firstHour !== null && firstHour <= first);
  if (!current || known.length < LEAST_WEEKS) return undefined;
  const [low, high] = usualRange(known.map(produced), USUAL);
  const came = produced(current);
  if (came >= low && came <= high) return null;
  const usual = `usual at this hour are ${Math.ceil(low)} to ${Math.floor(high)}`;
  const message = `${came} events came from ${current.first}:00 to ${current.last}:59 UTC; ${usual}`;
  return { kind: 'unusual-volume', about: table, message } as const;
}
