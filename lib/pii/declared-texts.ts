import type { Column, Field } from '../contract/contract.ts';

/** A column, or a member of a nested one, that holds text. */
export interface DeclaredText {
  /** `lines[].description` */
  readonly path: string;
  /** The column or member that declares it. */
  readonly column: Column;
  /** What the contract says of it is believed: it is declared personal, is masked, or somebody answers for it. */
  readonly isTrusted: boolean;
}

/** All texts of a table's columns. What is said of a column holds for its members, too. */
export const declaredTexts = (columns: readonly Column[]): DeclaredText[] => textsIn(columns, '', false);

const textsIn = (columns: readonly Column[], before: string, isTrusted: boolean): DeclaredText[] =>
  columns.flatMap((column) => textsOf(column, column, before + column.name, isTrusted || isDeclared(column)));

function textsOf(field: Field, column: Column, path: string, isTrusted: boolean): DeclaredText[] {
  if (field.type === 'struct') return textsIn(field.fields ?? [], `${path}.`, isTrusted);
  if (field.type === 'array') return textsOf(field.items ?? { type: 'string' }, column, `${path}[]`, isTrusted);
  return field.type === 'string' ? [{ path, column, isTrusted }] : [];
}

const isDeclared = ({ pii, masking, exempt }: Column): boolean => pii !== 'none' || masking !== undefined || !!exempt;
