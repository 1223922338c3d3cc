import type { DraftColumn } from '../draft/draft.ts';
import { asArray, asMap, type Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';

/** A column, and what dbt tests of it. */
export interface Tested {
  readonly column: DraftColumn;
  readonly tests: readonly unknown[];
}

/** The columns with what is tested of them, and the rules of the table. What has no equal is kept where it stood. */
export function addTests(
  columns: readonly Tested[],
  tests: readonly unknown[],
  report: Report,
): { columns: DraftColumn[]; rules: Plain[] } {
  for (const test of tests) report(['tests', nameOf(test)], 'no equal; kept as text');
  return {
    columns: columns.map(({ column, tests: own }) =>
      own.reduce<DraftColumn>((so, test) => addTest(so, test, at(report, column.name)), column),
    ),
    rules: tests.map((test, index) => ({
      id: `dbt_test_${index + 1}`,
      name: `dbt_test_${index + 1}`,
      type: 'text',
      description: JSON.stringify(test),
    })),
  };
}

const nameOf = (test: unknown): string => (typeof test === 'string' ? test : (Object.keys(asMap(test))[0] ?? '?'));

function addTest(column: DraftColumn, test: unknown, report: Report): DraftColumn {
  const name = nameOf(test);
  const settings = asMap(asMap(test)[name]);
  const { config, arguments: args, severity, ...own } = settings;
  const isWarning = String(asMap(config).severity ?? severity ?? '').toLowerCase() === 'warn';
  const tested = TESTS[name]?.(column, { ...own, ...asMap(args) }, isWarning);
  if (tested) return tested;
  report(['tests', name], 'no equal; kept as a custom property');
  return { ...column, kept: [...(column.kept ?? []), [`dbt.test.${name}`, test]] };
}

type AddTest = (column: DraftColumn, args: Plain, isWarning: boolean) => DraftColumn | undefined;

const TESTS: Readonly<Record<string, AddTest>> = {
  not_null: (column, _, isWarning) =>
    isWarning ? withRule(column, 'required', { metric: 'nullValues' }) : { ...column, required: true },
  unique: (column, _, isWarning) =>
    isWarning ? withRule(column, 'unique', { metric: 'duplicateValues' }) : { ...column, unique: true },
  positive: (column, _, isWarning) =>
    isWarning ? undefined : { ...column, options: { ...column.options, exclusiveMinimum: 0 } },
  accepted_values: (column, { values }, isWarning) => {
    const members = asArray(values).map((value) => literalOf(value, column.type));
    if (members.length === 0) return undefined;
    if (!isWarning) return { ...column, members };
    return withRule(column, 'known', { metric: 'invalidValues', arguments: { validValues: members } });
  },
};

/** dbt writes numbers as text when it likes, and compares texts with truths as Python writes them. */
function literalOf(value: unknown, type: DraftColumn['type']): unknown {
  if (type === 'string') return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  return typeof value === 'string' && ['int', 'long', 'double', 'boolean'].includes(type) ? JSON.parse(value) : value;
}

function withRule(column: DraftColumn, word: string, rule: Plain): DraftColumn {
  const id = `${column.name}_${word}`;
  return { ...column, rules: [...(column.rules ?? []), { id, name: id, ...rule, mustBe: 0, severity: 'warning' }] };
}
