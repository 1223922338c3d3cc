import { astVisitor, parse } from 'pgsql-ast-parser';
import type { Column, Contract } from '../contract/contract.ts';
import { lintSql } from '../contract/lint-sql.ts';
import { notAllowed, type Report, type YamlPath } from '../contract/problem.ts';
import { type Metric, SPANS } from './metric.ts';

const AGGREGATES = ['count', 'sum', 'min', 'max', 'avg'];

/** Reports what keeps a metric from being computed, or from being shown to everybody who may ask for it. */
export function lintMetric(metric: Metric, contracts: readonly Contract[], report: Report): void {
  const gold = contracts.filter(({ domain, layer }) => domain === metric.domain && layer === 'gold');
  const { columns } = gold.find(({ table }) => table === metric.table) ?? {};
  if (columns) lintOnTable(metric, columns, report);
  else
    report(
      ['table'],
      notAllowed(
        metric.table,
        gold.map(({ table }) => table),
      ),
    );
}

function lintOnTable({ table, time, formula, dimensions }: Metric, columns: readonly Column[], report: Report): void {
  const tell = (path: YamlPath, problem: string | undefined) => problem !== undefined && report(path, problem);
  tell(['time'], timeProblem(time, columns));
  tell(['formula'], formulaProblem(`SELECT ${formula} FROM ${table}`, table, columns));
  for (const [place, name] of dimensions.entries()) tell(['dimensions', place], dimensionProblem(name, columns));
}

function timeProblem(time: string, columns: readonly Column[]): string | undefined {
  const dates = columns.filter(({ type }) => type === 'date').map(({ name }) => name);
  return dates.includes(time) ? undefined : notAllowed(time, dates, 'these are the columns of dates');
}

function formulaProblem(statement: string, table: string, columns: readonly Column[]): string | undefined {
  const problems: string[] = [];
  lintSql(statement, [table], (_, problem) => problems.push(problem));
  if (problems.length > 0) return problems[0];
  const known = columns.map(({ name }) => name);
  const { within, outside, aggregates } = partsOf(statement);
  const unknown = [...within, ...outside].find((name) => !known.includes(name));
  if (unknown !== undefined) return `column: ${notAllowed(unknown, known)}`;
  if (outside.length > 0) return `found ${outside[0]} as it is, allowed: within ${AGGREGATES.join(', ')}`;
  return aggregates > 0 ? undefined : `found no aggregate, allowed: one of ${AGGREGATES.join(', ')}`;
}

/** Names of columns in a statement, apart by whether an aggregate holds them, and how many aggregates there are. */
function partsOf(statement: string) {
  const found = { within: [] as string[], outside: [] as string[], aggregates: 0 };
  let depth = 0;
  const visitor = astVisitor((visit) => ({
    call: (call) => {
      const step = AGGREGATES.includes(call.function.name.toLowerCase()) ? 1 : 0;
      depth += step;
      found.aggregates += step;
      visit.super().call(call);
      depth -= step;
    },
    ref: ({ name }) => {
      if (name !== '*') found[depth > 0 ? 'within' : 'outside'].push(name);
    },
  }));
  for (const each of parse(statement)) visitor.statement(each);
  return found;
}

function dimensionProblem(name: string, columns: readonly Column[]): string | undefined {
  if ((SPANS as readonly string[]).includes(name)) return `found '${name}', which every metric may be split by`;
  const column = columns.find((each) => each.name === name);
  const open = columns.filter(isOpen).map((each) => each.name);
  if (!column) return notAllowed(name, open);
  return isOpen(column) ? undefined : notAllowed(name, open, `${name} tells people apart`);
}

const isOpen = ({ pii, classification }: Column): boolean =>
  pii === 'none' && (classification === 'public' || classification === 'internal');
