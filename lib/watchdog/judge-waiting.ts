import type { Seen, Snapshot, WatchSettings } from './snapshot.ts';
import type { Finding } from './watch.ts';

const DAY_MS = 24 * 3_600_000;
/** As the alarm `iterator age` has it. */
const MOST_ITERATOR_AGE = 5 * 60;

/** What waits for a person, or for a function that is too slow. */
export function judgeWaiting(snapshot: Snapshot, settings: WatchSettings): Seen<Finding> {
  const parts = [lettersOf(snapshot), entriesOf(snapshot, settings), streamOf(snapshot)];
  return {
    findings: parts.flatMap(({ findings }) => findings),
    unknown: parts.flatMap(({ unknown }) => unknown),
  };
}

function lettersOf({ queues }: Snapshot): Seen<Finding> {
  const unseen = queues.filter(({ waiting }) => waiting === null);
  const waiting = queues.filter((queue) => (queue.waiting ?? 0) > 0);
  return {
    findings: waiting.map(({ queue, waiting, oldest }) => ({
      kind: 'dead-letters',
      about: queue,
      cause: `${waiting}`,
      message: `${waiting} wait${waiting === 1 ? 's' : ''}${oldest ? `, the oldest seen since ${oldest}` : ''}`,
    })),
    unknown: unseen.map(({ queue }) => `dead letters of '${queue}': the queue could not be read`),
  };
}

function entriesOf({ domain, quarantine, now }: Snapshot, { quarantineDays }: WatchSettings): Seen<Finding> {
  if (quarantine === null)
    return { findings: [], unknown: ['age of the quarantine: balance-accounts has not counted it lately'] };
  const { entries, oldest } = quarantine;
  if (oldest === null || Date.parse(now) - Date.parse(oldest) <= quarantineDays * DAY_MS)
    return { findings: [], unknown: [] };
  const message = `${entries} entries are open, the oldest since ${oldest}; ${quarantineDays} days are enough to settle one`;
  return { findings: [{ kind: 'old-quarantine', about: domain, cause: oldest, message }], unknown: [] };
}

function streamOf({ domain, iteratorAge }: Snapshot): Seen<Finding> {
  if (iteratorAge === null)
    return {
      findings: [],
      unknown: ['iterator age of the stream: no figure of the last hour; nothing came, or nobody reads'],
    };
  if (iteratorAge < MOST_ITERATOR_AGE) return { findings: [], unknown: [] };
  const message = `its oldest record waited for ${Math.round(iteratorAge)} s within the last hour`;
  return { findings: [{ kind: 'iterator-age', about: `stream of ${domain}`, message }], unknown: [] };
}
