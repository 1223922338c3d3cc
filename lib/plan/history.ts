import type { Check, Usual } from '../contract/contract.ts';

/** What earlier runs measured for a rule of a table, in one season: an item of the ledger that never grows large. */
export interface History extends HistoryKey {
  readonly type: 'history';
  readonly v: 1;
  /** What was measured. When the contract comes to ask for something else, it is learnt anew. */
  readonly of: string;
  /** Oldest first, at most `MOST_POINTS`. */
  readonly points: readonly Point[];
}

export interface HistoryKey {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  readonly rule: string;
  /** Of the rule's season the one in which the run was planned, such as `dayOfWeek:4`. */
  readonly season: string;
}

export interface Point {
  readonly runId: string;
  /** One number, or the rows in each bucket. */
  readonly numbers: readonly number[];
}

export const MOST_POINTS = 60;

/** Whether a check is judged by what earlier runs measured. */
export const hasHistory = ({ kind }: Pick<Check, 'kind'>): boolean => kind === 'anomaly' || kind === 'drift';

/** Where a check's history lies, for runs that are planned at this time. */
export const historyKey = (table: string, { id, usual }: Check, createdAt: string): HistoryKey => ({
  ...{ table, rule: id, season: seasonAt(usual?.season ?? 'none', createdAt).key },
});

/** What a check measures: numbers of something else tell nothing of it. */
export const measured = ({ kind, measure, columns, values, edges }: Check): string =>
  JSON.stringify([kind, measure, columns, values, edges]);

/** The points of a check's history, as far as they are of what it measures today. */
export const pointsOf = (check: Check, history: History | undefined): readonly Point[] =>
  history?.of === measured(check) ? history.points : [];

/** A run adds its point once, however often its end is told; the oldest make room. */
export function withPoint(check: Check, key: HistoryKey, history: History | undefined, point: Point): History {
  const others = pointsOf(check, history).filter(({ runId }) => runId !== point.runId);
  const points = [...others, point].slice(-MOST_POINTS);
  return { type: 'history', v: 1, ...key, of: measured(check), points };
}

const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'] as const;

/** A season's name in the ledger, and for people. Days and hours are UTC's. */
export function seasonAt(season: Usual['season'], createdAt: string): { readonly key: string; readonly words: string } {
  const at = new Date(createdAt);
  switch (season) {
    case 'none':
      return { key: 'none', words: 'all runs' };
    case 'dayOfWeek':
      return { key: `dayOfWeek:${at.getUTCDay()}`, words: DAYS[at.getUTCDay()] ?? '' };
    case 'hourOfDay':
      return {
        key: `hourOfDay:${at.getUTCHours()}`,
        words: `from ${at.getUTCHours()}:00 to ${at.getUTCHours()}:59 UTC`,
      };
    case 'dayOfMonth':
      return { key: `dayOfMonth:${at.getUTCDate()}`, words: `day ${at.getUTCDate()} of each month` };
  }
}
