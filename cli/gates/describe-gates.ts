import { OUTCOMES, type Verdict } from '../../lib/plan/judge-checks.ts';
import { indent, plural, table } from '../shared/format.ts';
import type { RunGates, StepGate } from './read-gates.ts';

/** Every rule of a run, the worst first, and some of the rows that failed. */
export const describeGates = ({ runId, status, startedAt, gates }: RunGates): string =>
  [
    `${runId}: ${status}, started ${startedAt}`,
    ...(gates.length > 0 ? gates.map(describeGate) : ['it came to no gate']),
  ].join('\n');

function describeGate({ step, outcome, rules }: StepGate): string {
  const worstFirst = rules.toSorted((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
  const lines = worstFirst.map(({ gate, table: name, rule, outcome: said, expected, actual, failed }) => ({
    ...{ gate, table: name, rule, outcome: said, expected, actual, failed },
  }));
  const notes = worstFirst.flatMap(notesOf);
  return [
    `after ${step}: ${outcome}, ${plural(rules.length, 'rule')}`,
    indent(table(lines)),
    ...(notes.length > 0 ? [indent(notes.join('\n'))] : []),
  ].join('\n');
}

/** What does not fit in a table: errors, overrides, rows. */
function notesOf({ table: name, rule, error, override, sample }: Verdict): string[] {
  const rows = sample.map((row) => row.map(({ column, value }) => `${column}=${value ?? 'null'}`).join(', '));
  const notes = [
    ...(error === undefined ? [] : [`could not run: ${error}`]),
    ...(override ? [`overridden by ${override.approver} until ${override.until}: ${override.reason}`] : []),
    ...rows,
  ];
  return notes.length > 0 ? [`${name} ${rule}`, ...notes.map((note) => indent(note))] : [];
}
