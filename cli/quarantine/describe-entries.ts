import { count, indent, instant, plural, table } from '../shared/format.ts';
import type { Result } from './close-entries.ts';
import type { Entry, WholeEntry } from './entries.ts';

/** As much of an id as tells events apart on a screen; commands take it too. */
const SHORT_ID = 12;

export function describeList(entries: readonly (Entry & { readonly domain: string })[]): string {
  if (entries.length === 0) return 'nothing';
  const lines = entries.map((entry) => ({
    id: entry.quarantine_id.slice(0, SHORT_ID),
    'first seen': instant(entry.first_seen),
    status: entry.status,
    attempts: entry.attempts,
    gate: entry.gate,
    table: entry.table ?? `${entry.domain}.unknown`,
    reasons: summaryOf(entry.reasons),
  }));
  return `${table(lines)}\n${plural(entries.length, 'event')}`;
}

const summaryOf = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? first : `${first} (and ${count(more.length)} more)`;

/** One event: where it stands, what was said of it each time, and what came, masked or revealed. */
export function describeEvent(history: readonly WholeEntry[], [title, text]: readonly [string, string | null]): string {
  const [latest] = history;
  if (!latest) return 'nothing';
  const facts = [
    ['table', latest.table],
    ['event', latest.event_id],
    ['source', latest.source],
    ['place', `${latest._shard} ${latest._sequence}`],
    ['run', latest.run_id],
    ['note', latest.note],
  ].filter(([, value]) => value);
  return [
    `${latest.quarantine_id}: ${latest.status}, ${plural(latest.attempts, 'attempt')}, first seen ${instant(latest.first_seen)}`,
    indent(facts.map(([name, value]) => `${name?.padEnd(8)}${value}`).join('\n')),
    ...history.map(describeEntry),
    `${title}: ${text ?? 'nothing says what to mask; --reveal shows it as it came, with your own right'}`,
  ].join('\n');
}

function describeEntry({ status, gate, contract_version, changed_at, reasons }: WholeEntry): string {
  const version = contract_version ? `, version ${contract_version}` : '';
  const head = `${instant(changed_at)}  ${status === 'open' ? `refused by ${gate}${version}` : status}`;
  return status === 'open' ? [head, ...reasons.map((reason) => indent(`- ${reason}`))].join('\n') : head;
}

const WORDS: Readonly<Record<Result['type'], string>> = {
  Replayed: 'landed',
  RefusedAgain: 'refused again',
  NotReplayable: 'cannot be replayed',
  Discarded: 'discarded',
  ClosedBefore: 'closed before',
};

export function describeResults(results: readonly Result[]): string {
  const counts = Object.entries(WORDS).flatMap(([type, words]) => {
    const found = results.filter((each) => each.type === type).length;
    return found > 0 ? [`${count(found)} ${words}`] : [];
  });
  const reasons = results
    .filter(({ type, reason }) => type === 'NotReplayable' && reason)
    .map(({ quarantineId, reason }) => `  ${quarantineId.slice(0, SHORT_ID)}: ${reason}`);
  return [counts.join(', ') || 'nothing to do', ...reasons].join('\n');
}
