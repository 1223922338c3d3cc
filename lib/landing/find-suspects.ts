import type { Column } from '../contract/contract.ts';
import { ColumnEvidence, hintOf } from '../pii/column-evidence.ts';
import { declaredTexts } from '../pii/declared-texts.ts';
import { textsIn } from '../pii/texts-in.ts';
import { findingOf } from './hold-suspects.ts';
import type { Judgement } from './place.ts';
import type { Finding, Row } from './row.ts';

/** Finds undeclared personal data in one row that is judged once more. */
export type RowSuspects = (row: Row, again: Judgement) => Finding[];

/**
 * Looks at every text of a row whose contract does not say that it is personal. One row proves little: but when it was
 * held before, it was for a whole batch that did, and the least trace keeps it until the contract says what the column is.
 */
export function compileSuspects(columns: readonly Column[]): RowSuspects {
  const open = new Set(declaredTexts(columns).flatMap(({ path, isTrusted }) => (isTrusted ? [] : [path])));
  return (row, { wasHeld }) =>
    [...evidenceIn(row, open)].flatMap(([column, evidence]) => {
      const found = wasHeld ? evidence.traces() : evidence.judge().filter(({ isProven }) => isProven);
      return found.map((suspicion) => findingOf({ column, ...suspicion }));
    });
}

function evidenceIn(row: Row, open: ReadonlySet<string>): ReadonlyMap<string, ColumnEvidence> {
  const evidence = new Map<string, ColumnEvidence>();
  for (const { path, text } of textsIn(row)) {
    if (!open.has(path)) continue;
    const known = evidence.get(path) ?? new ColumnEvidence(hintOf(path));
    evidence.set(path, known);
    known.add(text);
  }
  return evidence;
}
