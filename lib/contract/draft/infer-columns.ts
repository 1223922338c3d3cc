import { ColumnEvidence } from '../../pii/column-evidence.ts';
import type { DraftColumn } from './draft.ts';
import { nameOf } from './snake-case.ts';
import { ValueShape } from './value-shape.ts';

type Row = Readonly<Record<string, unknown>>;

/** Names of what identifies something, in `snake_case`. */
const IDENTIFIER = /(?:^|_)(?:id|code|no|number|key|ref|uuid|sku)$/;
/** So many columns at most make a key. */
const LONGEST_KEY = 3;

/** One column of a sample. */
class SampledColumn {
  readonly shape: ValueShape;
  readonly evidence: ColumnEvidence;
  /** Of its single values; undefined once one has repeated. */
  private seen: Set<string> | undefined = new Set();

  constructor(name: string, isUntyped: boolean) {
    this.shape = new ValueShape(isUntyped);
    this.evidence = new ColumnEvidence(name);
  }

  add(value: unknown): void {
    this.shape.add(value);
    if (value === null || value === undefined || value === '' || typeof value === 'object') return;
    const text = String(value);
    this.evidence.add(text);
    if (this.seen?.has(text)) this.seen = undefined;
    else this.seen?.add(text);
  }

  get isUnique(): boolean {
    return this.seen !== undefined && this.seen.size > 1;
  }
}

/** Gathers the rows of a sample, and proposes the columns that they have. */
export class Sample {
  rows = 0;
  private readonly isUntyped: boolean;
  private readonly columns = new Map<string, SampledColumn>();
  /** Values of the first identifiers together, by how many; undefined once they have repeated. */
  private readonly together: (Set<string> | undefined)[] = Array.from({ length: LONGEST_KEY + 1 }, () => new Set());

  /** @param isUntyped whether all values are texts, as in CSV */
  constructor(isUntyped: boolean) {
    this.isUntyped = isUntyped;
  }

  add(row: Row): void {
    this.rows++;
    for (const [name, value] of Object.entries(row)) {
      const column = this.columns.get(name) ?? new SampledColumn(name, this.isUntyped);
      this.columns.set(name, column);
      column.add(value);
    }
    this.addTogether(row);
  }

  propose(): DraftColumn[] {
    const columns = [...this.columns].map(([name, column]) => this.proposeColumn(name, column));
    const key = this.keyOf(columns);
    return columns.map(({ isUnique, ...column }) => {
      const position = key.indexOf(column.name);
      if (position >= 0) return { ...column, keyPosition: position + 1 };
      return isUnique && IDENTIFIER.test(column.name) ? { ...column, unique: true } : column;
    });
  }

  private identifiers = (): string[] => [...this.columns.keys()].filter(isIdentifier).slice(0, LONGEST_KEY);

  private addTogether(row: Row): void {
    const names = this.identifiers();
    for (let length = 2; length <= names.length; length++) {
      const seen = this.together[length];
      const values = JSON.stringify(names.slice(0, length).map((name) => row[name]));
      if (seen?.has(values)) this.together[length] = undefined;
      else seen?.add(values);
    }
  }

  private proposeColumn(name: string, { shape, evidence, isUnique }: SampledColumn): Proposed {
    const { doubts, ...field } = shape.field();
    // What identifies is no number to add up, and may begin with a zero one day.
    const type = isIdentifier(name) && field.type === 'long' && shape.isText ? 'string' : field.type;
    const required = shape.count === this.rows;
    const pii = personal(evidence);
    const members = type === 'string' && !pii && !isIdentifier(name) ? shape.enumMembers() : undefined;
    return {
      ...nameOf(name),
      ...field,
      type,
      required,
      isUnique: isUnique && required,
      ...(members && { members }),
      ...(pii && (type === 'string' ? { pii, classification: 'confidential' } : {})),
      doubts: [
        ...doubts,
        ...(members ? [`enum: the ${members.length} values of ${this.rows} rows`] : []),
        ...(pii && type !== 'string' ? [`looks personal (${pii.join(', ')}): tag it and say how it is masked`] : []),
        ...suspected(evidence),
      ],
    };
  }

  /** The unique column that is called so; any unique one; the first identifiers that are unique together. */
  private keyOf(columns: readonly Proposed[]): string[] {
    const unique = columns.filter((column) => column.isUnique && ['string', 'long', 'date'].includes(column.type));
    const single = unique.find(({ name }) => IDENTIFIER.test(name)) ?? unique[0];
    if (single) return [single.name];
    const names = this.identifiers().map((name) => nameOf(name).name);
    const length = this.together.findIndex((seen, index) => index >= 2 && index <= names.length && seen !== undefined);
    const isThere = names.slice(0, length).every((name) => columns.some((each) => each.name === name && each.required));
    return length >= 2 && isThere ? names.slice(0, length) : [];
  }
}

/** That a measure is unique in a sample is chance. */
type Proposed = DraftColumn & { readonly isUnique: boolean };

const isIdentifier = (name: string): boolean => IDENTIFIER.test(nameOf(name).name);

/** Tags of what the values prove to hold. */
function personal(evidence: ColumnEvidence): string[] | undefined {
  const proven = evidence.judge().filter(({ isProven }) => isProven);
  return proven.length > 0 ? ['pii', ...proven.map(({ kind }) => `pii.${kind}`)] : undefined;
}

const suspected = (evidence: ColumnEvidence): string[] =>
  evidence
    .judge()
    .filter(({ isProven }) => !isProven)
    .map(({ kind, hits }) => `${hits} of its values look like ${kind}`);
