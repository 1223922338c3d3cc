import { judgeDomain } from '../../lib/watchdog/judge-domain.ts';
import { type Scores, scoreDomain } from '../../lib/watchdog/score-tables.ts';
import type { WatchSettings } from '../../lib/watchdog/snapshot.ts';
import { type FindingKind, newFindings, type Watch } from '../../lib/watchdog/watch.ts';
import type { EventBus, MetricSink } from '../shared/ports.ts';
import type { WatchLedger } from '../shared/watch-ports.ts';
import { type Medic, takeRemedies } from './take-remedies.ts';
import { type Lookout, takeSnapshot } from './take-snapshot.ts';

export interface Watchdog extends Lookout, Medic {
  readonly watches: WatchLedger;
  readonly bus: Pick<EventBus, 'watchdogFound'>;
  readonly metrics: MetricSink;
  readonly settings: WatchSettings;
}

/** What was found and done, and how good tables are. */
export interface Watched {
  readonly watch: Watch;
  readonly scores: Scores;
}

/** Looks at a domain once: finds, remedies what is safe, measures, tells what is new, and records it last. */
export async function watchDomain(watchdog: Watchdog, now: Date): Promise<Watched> {
  const snapshot = await takeSnapshot(watchdog, now);
  const { findings, unknown, remedies: wanted } = judgeDomain(snapshot, watchdog.settings);
  const remedies = await takeRemedies(watchdog, snapshot, wanted);
  const watch: Watch = { type: 'watch', v: 1, at: snapshot.now, findings, unknown, remedies };
  const scores = scoreDomain(snapshot);
  measure(watchdog.metrics, watch, scores);
  await tell(watchdog, watch);
  await watchdog.watches.recordScores(scores, watch.at);
  await watchdog.watches.recordWatch(watch);
  return { watch, scores };
}

/** What has no alarm of its own elsewhere. */
const METRICS: Readonly<Partial<Record<FindingKind, string>>> = {
  'late-table': 'TablesLate',
  'overdue-table': 'TablesOverdue',
  'unusual-volume': 'VolumesUnusual',
  'long-run': 'RunsLong',
  'stuck-lease': 'LeasesStuck',
  'old-quarantine': 'QuarantinesOld',
};

function measure(metrics: MetricSink, { findings }: Watch, { product, tables }: Scores): void {
  for (const [kind, name] of Object.entries(METRICS))
    metrics.add(name, 'Count', findings.filter((finding) => finding.kind === kind).length);
  for (const [table, { score }] of Object.entries(tables)) metrics.add('Quality', 'Percent', score, { table });
  if (product !== null) metrics.add('Quality', 'Percent', product);
}

/** Not every hour the same again. It is told before it is recorded, so it may be told twice, and is never not told. */
async function tell({ domain, watches, bus }: Watchdog, { at, findings, remedies }: Watch): Promise<void> {
  const [before] = await watches.watches(1);
  const found = newFindings(findings, before?.findings ?? []);
  const acted = remedies.filter(({ outcome }) => outcome !== 'left');
  if (found.length + acted.length > 0) await bus.watchdogFound({ domain, at, findings: found, remedies: acted });
}
