import { parse, type Statement } from 'pgsql-ast-parser';
import { notAllowed, type Report } from './problem.ts';

/** What means the same to Spark and to DuckDB, and reads no file, no clock and no network. */
export const SQL_FUNCTIONS: readonly string[] = [
  ...['count', 'sum', 'min', 'max', 'avg', 'abs', 'floor', 'ceil', 'coalesce', 'nullif', 'greatest', 'least'],
  ...['lower', 'upper', 'trim', 'length', 'row_number', 'rank', 'dense_rank', 'lag', 'lead', 'exists'],
];
const TYPES = ['boolean', 'int', 'integer', 'bigint', 'double', 'decimal', 'string', 'date', 'timestamp'];
const OPERATORS = [
  ...['=', '<>', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '||', 'AND', 'OR', 'NOT', 'IN', 'NOT IN'],
  ...['LIKE', 'NOT LIKE', 'BETWEEN', 'NOT BETWEEN', 'IS NULL', 'IS NOT NULL', 'IS TRUE', 'IS FALSE', 'IS NOT TRUE'],
  ...['IS NOT FALSE'],
];
/** Kinds of nodes that the parser gives to the allowed part of the language. */
const NODES = [
  ...['select', 'union', 'union all', 'with', 'statement', 'table', 'ref', 'call', 'binary', 'unary', 'ternary'],
  ...['case', 'cast', 'list', 'integer', 'numeric', 'string', 'boolean', 'null', 'constant'],
  ...['INNER JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'],
];

/** Signs that engines read differently, or that hide what is read. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/["`]/, 'names are not quoted: a quoted name is a text to Spark'],
  [/--|\/\*/, 'comments stand in the description'],
  [/::/, 'write CAST(... AS ...)'],
  [/[{}]/, 'the places are those of the table and, on a column, of the column'],
];
const TEXT = /'[^']*'/g;

function signProblem(query: string): string | undefined {
  if (query.includes('\\')) return 'found \\, which escapes in one engine and not in the other';
  if ([...query.matchAll(TEXT)].some(({ 0: text, index }) => query[index + text.length] === "'"))
    return 'found a quote within a text, which ends it in one engine and not in the other';
  const plain = query.replaceAll(TEXT, '');
  const [sign, because] = SIGNS.find(([pattern]) => pattern.test(plain)) ?? [];
  return sign && `found ${sign.exec(plain)?.[0]}, allowed: plain SQL; ${because}`;
}

/**
 * Report what keeps a statement from being one that reads the given tables and answers with one number.
 * @param tables names that it may read
 */
export function lintSql(query: string, tables: readonly string[], report: Report): void {
  const problem = signProblem(query) ?? statementProblem(query, tables);
  if (problem) report([], problem);
}

function statementProblem(query: string, tables: readonly string[]): string | undefined {
  const statements = parsed(query);
  if (typeof statements === 'string') return statements;
  const [statement] = statements;
  if (statements.length !== 1) return `found ${statements.length} statements, allowed: 1`;
  const problem = problemOf(statement, tables);
  if (problem || columnsOf(statement) === 1) return problem;
  return `found ${columnsOf(statement)} columns, allowed: 1, which is a number`;
}

/** The statements, or why there are none. */
function parsed(query: string): Statement[] | string {
  try {
    return parse(query);
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split('\n');
    return `is no SQL that every engine reads alike: ${line}`;
  }
}

type Node = Readonly<Record<string, unknown>>;

/** The first thing in a tree that is not allowed. A name of a WITH holds from where it has been defined. */
function problemOf(node: unknown, tables: readonly string[]): string | undefined {
  if (Array.isArray(node)) return first(node, (each) => problemOf(each, tables));
  if (typeof node !== 'object' || node === null) return undefined;
  const { type, bind } = node as Node;
  if (type === 'with' && Array.isArray(bind)) return problemOfWith(node as Node, bind, tables);
  return ownProblem(node as Node, tables) ?? first(Object.values(node), (each) => problemOf(each, tables));
}

function problemOfWith({ in: statement }: Node, bind: readonly Node[], tables: readonly string[]): string | undefined {
  const known = [...tables];
  for (const { alias, statement: definition } of bind) {
    const problem = problemOf(definition, known);
    if (problem) return problem;
    known.push(nameOf(alias));
  }
  return problemOf(statement, known);
}

function ownProblem(node: Node, tables: readonly string[]): string | undefined {
  const { type, op, to } = node;
  if (Array.isArray(node.from) && node.from.slice(1).some((each) => !hasEquality(each.join?.on)))
    return 'joins rows without an equality, which may never end; allowed: JOIN ... ON a = b';
  if (type === 'table') return tableProblem(node.name as Node, tables);
  if (type === 'call') return callProblem(nameOf(node.function), node.function as Node);
  if (type === 'cast') return allowed(nameOf(to).toLowerCase(), TYPES, 'type');
  if (typeof op === 'string' && !OPERATORS.includes(op)) return `operator: ${notAllowed(op, OPERATORS)}`;
  if (typeof type === 'string' && !NODES.includes(type)) return `found '${type}', allowed: a SELECT of what is there`;
  return undefined;
}

/** Whether a condition demands that something is equal, whatever else it demands. */
function hasEquality(condition: unknown): boolean {
  const { op, left, right } = (condition ?? {}) as Node;
  return op === '=' || (op === 'AND' && (hasEquality(left) || hasEquality(right)));
}

function tableProblem({ name, schema }: Node, tables: readonly string[]): string | undefined {
  return allowed(schema === undefined ? String(name) : `${schema}.${name}`, tables, 'table');
}

const callProblem = (name: string, { schema }: Node): string | undefined =>
  allowed(schema === undefined ? name.toLowerCase() : `${schema}.${name}`, SQL_FUNCTIONS, 'function');

const allowed = (found: string, words: readonly string[], what: string): string | undefined =>
  words.includes(found) ? undefined : `${what}: ${notAllowed(found, words)}`;

const nameOf = (node: unknown): string => String((node as Node | undefined)?.name ?? '');

function first(nodes: readonly unknown[], problem: (node: unknown) => string | undefined): string | undefined {
  for (const node of nodes) {
    const found = problem(node);
    if (found) return found;
  }
  return undefined;
}

function columnsOf(statement: unknown): number {
  const { columns, left, in: within } = statement as Node;
  if (left ?? within) return columnsOf(left ?? within);
  if (!Array.isArray(columns)) return 0;
  return columns.some(({ expr }) => expr?.name === '*') ? Number.POSITIVE_INFINITY : columns.length;
}
