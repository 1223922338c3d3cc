import { type Check, type Column, ROW_CHECKS } from '../contract/contract.ts';
import { conditionOf } from './duckdb-conditions.ts';
import { quoteName, quoteText } from './duckdb-types.ts';
import { spread, watched } from './duckdb-watched.ts';

/** A statement that answers with one row: how many rows the table has, and then a number for each of the checks. */
export interface Pass {
  readonly checks: readonly Check[];
  readonly sql: string;
}

/** What a plan is made for: tables by their names in SQL, quoted, and the time that freshness is measured at. */
export interface Target {
  readonly table: string;
  readonly columns: readonly Column[];
  /** ISO 8601, UTC. */
  readonly now: string;
  /** The name of another table, by its id. */
  readonly nameOf: (tableId: string) => string;
}

/** 1 + U + F passes: a shared one for all that one scan can count, and one for each key, reference and comparison. */
export function compileDuckdb(checks: readonly Check[], target: Target): Pass[] {
  const shared = checks.filter(isShared);
  const alone = checks.filter((check) => !isShared(check));
  return [sharedPass(shared, target), ...alone.map((check) => ownPass(check, target))];
}

const SHARED: readonly Check['kind'][] = [...ROW_CHECKS, 'rowCount', 'freshness', 'anomaly', 'drift'];
const isShared = ({ kind }: Check): boolean => SHARED.includes(kind);

/** @param checks of those that can share a pass; one of them alone is a pass, too. */
export function sharedPass(checks: readonly Check[], target: Target): Pass {
  const measures = checks.map((check) => measureOf(check, target));
  return { checks, sql: `SELECT ${['count(*)', ...measures].join(', ')} FROM ${target.table}` };
}

function measureOf(check: Check, { columns, now }: Target): string {
  if (check.kind === 'rowCount') return 'count(*)';
  if (check.kind === 'anomaly') return watched(check);
  const [name = ''] = check.columns;
  if (check.kind === 'freshness') {
    const newest = `epoch_us(CAST(max(${quoteName(name)}) AS TIMESTAMPTZ))`;
    return `(epoch_us(CAST(${quoteText(now)} AS TIMESTAMPTZ)) - ${newest}) / 60e6`;
  }
  // A column that is not there is for the engine to name: it knows which ones are.
  const column = columns.find((candidate) => candidate.name === name) ?? { name, type: 'string' };
  if (check.kind === 'drift') return spread(check, column);
  return `count(*) FILTER (WHERE NOT coalesce(${conditionOf(check, column)}, false))`;
}

function ownPass(check: Check, target: Target): Pass {
  return { checks: [check], sql: `SELECT (SELECT count(*) FROM ${target.table}), ${ownMeasure(check, target)}` };
}

function ownMeasure(check: Check, target: Target): string {
  switch (check.kind) {
    case 'unique':
      return repeated(check, target);
    case 'foreignKey':
      return orphans(check, target);
    case 'reconcile':
      return difference(check, target);
    case 'sql':
      return `(${check.query})`;
    default:
      throw new Error(`check '${check.id}': unknown kind '${check.kind}'`);
  }
}

const present = (columns: readonly string[]): string =>
  columns.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');

/** Rows beyond the first of their key; a key with a null in it equals no other. */
function repeated({ columns }: Check, { table }: Target): string {
  const keys = columns.map(quoteName).join(', ');
  const perKey = `SELECT count(*) AS n FROM ${table} WHERE ${present(columns)} GROUP BY ${keys}`;
  return `(SELECT coalesce(sum(n - 1), 0) FROM (${perKey}))`;
}

/** Rows whose reference is complete and leads nowhere. */
function orphans({ columns, references }: Check, { table, nameOf }: Target): string {
  const { table: parent = '', columns: keys = [] } = references ?? {};
  const pairs = columns.map((name, index) => `child.${quoteName(name)} = parent.${quoteName(keys[index] ?? '')}`);
  const rows = `(SELECT * FROM ${table} WHERE ${present(columns)}) child`;
  return `(SELECT count(*) FROM ${rows} ANTI JOIN ${nameOf(parent)} parent ON ${pairs.join(' AND ')})`;
}

/** How far the table's number is from the other's, in the number's unit or in percent of the other's. */
function difference({ columns, references, measure, expect }: Check, { table, nameOf }: Target): string {
  const { table: other = '', columns: others = [] } = references ?? {};
  const own = totalOf(measure, columns[0], table);
  const due = totalOf(measure, others[0], nameOf(other));
  const distance = `SELECT abs(own - due) AS distance, due FROM (SELECT ${own} AS own, ${due} AS due)`;
  const percent = "CASE WHEN distance = 0 THEN 0 WHEN due = 0 THEN 'inf' ELSE distance * 100.0 / abs(due) END";
  return `(SELECT CAST(${expect?.unit === 'percent' ? percent : 'distance'} AS DOUBLE) FROM (${distance}))`;
}

const totalOf = (measure: Check['measure'], column = '', table: string): string =>
  `(SELECT ${measure === 'sum' ? `coalesce(sum(${quoteName(column)}), 0)` : 'count(*)'} FROM ${table})`;
