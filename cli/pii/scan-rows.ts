import type { Column } from '../../lib/contract/contract.ts';
import { ColumnEvidence, hintOf, type Suspicion } from '../../lib/pii/column-evidence.ts';
import { declaredTexts } from '../../lib/pii/declared-texts.ts';
import { textsIn } from '../../lib/pii/texts-in.ts';

/** Rows as any reader gives them. */
export type Rows = Iterable<Readonly<Record<string, unknown>>> | AsyncIterable<Readonly<Record<string, unknown>>>;

/** What a column seems to hold, and what its contract says of it. */
export interface ScannedColumn {
  /** `lines[].description` */
  readonly column: string;
  /** How many values of it were looked at. */
  readonly values: number;
  /** None for a column that no contract declares. */
  readonly declared?: Pick<Column, 'classification' | 'pii' | 'masking' | 'exempt'>;
  readonly found: readonly Suspicion[];
  /** Proven, and the contract does not say so. */
  readonly isSuspect: boolean;
}

/** Scans all texts and numbers of rows, column by column in the order of their names. Holds no row, and no value. */
export async function scanRows(rows: Rows, columns: readonly Column[]): Promise<ScannedColumn[]> {
  const evidence = new Map<string, ColumnEvidence>();
  for await (const row of rows)
    for (const { path, text } of textsIn(row)) {
      const known = evidence.get(path) ?? new ColumnEvidence(hintOf(path));
      evidence.set(path, known);
      known.add(text);
    }
  const declared = new Map(declaredTexts(columns).map((each) => [each.path, each]));
  return [...evidence].map(([path, column]) => describe(path, column, declared.get(path)));
}

function describe(
  path: string,
  evidence: ColumnEvidence,
  declared: ReturnType<typeof declaredTexts>[number] | undefined,
): ScannedColumn {
  const found = evidence.judge();
  const { classification, pii, masking, exempt } = declared?.column ?? {};
  return {
    column: path,
    values: evidence.values,
    ...(classification &&
      pii && { declared: { classification, pii, ...(masking && { masking }), ...(exempt && { exempt }) } }),
    found,
    isSuspect: !declared?.isTrusted && found.some(({ isProven }) => isProven),
  };
}
