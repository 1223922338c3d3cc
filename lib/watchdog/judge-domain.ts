import { chooseRemedies } from './choose-remedies.ts';
import { judgeRuns } from './judge-runs.ts';
import { judgeTables } from './judge-tables.ts';
import { judgeWaiting } from './judge-waiting.ts';
import type { Seen, Snapshot, WatchSettings } from './snapshot.ts';
import type { Finding, Remedy } from './watch.ts';

export interface Judgement extends Seen<Finding> {
  readonly remedies: readonly Remedy[];
}

/** What is wrong with a domain, what could not be judged, and what is to be done without asking anybody. */
export function judgeDomain(snapshot: Snapshot, settings: WatchSettings): Judgement {
  const parts = [judgeRuns(snapshot, settings), judgeTables(snapshot), judgeWaiting(snapshot, settings)];
  return {
    findings: parts.flatMap(({ findings }) => findings),
    unknown: parts.flatMap(({ unknown }) => unknown),
    remedies: chooseRemedies(snapshot, settings),
  };
}
