import { type Contract, tableId } from '../../lib/contract/contract.ts';
import { expectedOf, expectedOfStructure } from '../../lib/plan/describe-check.ts';
import { actualOf, judge, OUTCOMES, type Outcome } from '../../lib/plan/judge-checks.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { plural, table } from '../shared/format.ts';

const outcomeOf = (result: CheckResult): Outcome => judge(result).outcome;

/** A table is as good as the worst of its checks. */
export const worstOf = (results: readonly CheckResult[]): Outcome =>
  results.map(outcomeOf).sort((a, b) => OUTCOMES.indexOf(b) - OUTCOMES.indexOf(a))[0] ?? 'passed';

/** Every rule with what was expected and found, then what could not run. */
export function describeTest(contract: Contract, results: readonly CheckResult[]): string {
  const lines = results.map((result) => ({
    rule: result.id,
    expected: expected(contract, result.id),
    actual: actualOf(
      result,
      contract.checks.find(({ id }) => id === result.id),
    ),
    outcome: outcomeOf(result),
  }));
  const errors = results.flatMap(({ id, error }) => (error === null ? [] : [`${id} could not run: ${error}`]));
  const verdict = `${tableId(contract)} ${contract.version}: ${worstOf(results)}, ${plural(results.length, 'rule')}`;
  return [table(lines), ...errors, verdict].join('\n');
}

function expected({ columns, checks }: Contract, id: string): string {
  const check = checks.find((each) => each.id === id);
  if (check) return expectedOf(check);
  const column = columns.find(({ name }) => id === `type:${name}`);
  return column ? `${column.name}: ${column.type}` : expectedOfStructure(id);
}
