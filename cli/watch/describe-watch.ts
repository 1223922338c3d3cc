import type { Scores, TableScore } from '../../lib/watchdog/score-tables.ts';
import type { Finding, FindingKind, Outcome, Watch } from '../../lib/watchdog/watch.ts';
import { indent, plural, table } from '../shared/format.ts';

/** What the ledger holds of a domain's looks: the last one, and its days, newest first. */
export interface Watched {
  readonly domain: string;
  readonly watch: Watch | null;
  readonly scores: readonly Scores[];
}

/** Headings of docs/runbook.md. */
const RUNBOOK: Readonly<Record<FindingKind, string>> = {
  'late-table': 'late-tables',
  'overdue-table': 'overdue-tables',
  'unusual-volume': 'unusual-volumes',
  'failed-run': 'failed-runs',
  'blocked-run': 'blocked-runs',
  'long-run': 'long-runs',
  'stuck-lease': 'stuck-leases',
  'dead-letters': 'dead-letters',
  'old-quarantine': 'quarantine',
  'iterator-age': 'iterator-age',
};

export function describeWatched({ domain, watch, scores }: Watched): string {
  if (!watch) return `${domain}: the watchdog has not looked yet; \`sluice watch ${domain} --now\` has it look`;
  const { at, findings, remedies, unknown } = watch;
  const lines = [
    ...findings.map(describeFinding),
    ...remedies.map(describeOutcome),
    ...unknown.map((what) => `not known: ${what}`),
  ];
  const quality = qualityTable(scores);
  return [
    `${domain}: looked at ${at}, ${plural(findings.length, 'finding')}`,
    ...lines.map((line) => indent(line)),
    ...(quality ? [indent(quality)] : []),
  ].join('\n');
}

export const describeFinding = ({ kind, about, message }: Finding): string =>
  `${kind} ${about}: ${message}; see docs/runbook.md#${RUNBOOK[kind]}`;

const describeOutcome = ({ kind, about, why, outcome, detail }: Outcome): string =>
  `${kind} ${about} ${outcome}: ${why}; ${detail}`;

/** The last day's scores, the product's first, with what made them and the worst of the days before. */
function qualityTable([today, ...before]: readonly Scores[]): string {
  if (!today || today.product === null) return '';
  const worst = (of: (scores: Scores) => number | null | undefined) => {
    const known = before.flatMap((scores) => of(scores) ?? []);
    return known.length > 0 ? Math.min(...known) : null;
  };
  return table(
    [
      { table: 'all tables', quality: today.product, [WORST]: worst(({ product }) => product) },
      ...Object.entries(today.tables).map(([id, score]) => ({
        ...{ table: id, quality: score.score, [WORST]: worst(({ tables }) => tables[id]?.score) },
        ...percentOf(score),
      })),
    ].map((row) => ({ ...EMPTY, ...row })),
  );
}

const WORST = 'worst before';
const EMPTY = { table: '', quality: null, [WORST]: null, checks: null, freshness: null, completeness: null };

const percentOf = ({ checks, freshness, completeness }: TableScore) => ({
  ...(checks !== undefined && { checks: Math.round(100 * checks) }),
  ...(freshness !== undefined && { freshness: 100 * freshness }),
  ...(completeness !== undefined && { completeness: Math.floor(1000 * completeness) / 10 }),
});
