import { CERTAINTIES, type Certainty, type Kind } from './finding.ts';
import { scanText } from './scan-text.ts';

/** What a column's values seem to hold. */
export interface Suspicion {
  readonly kind: Kind;
  /** Whether its values prove it, or only look like it: the first holds a batch, the second is told. */
  readonly isProven: boolean;
  /** Values that hold it, of those that were looked at. */
  readonly hits: number;
  readonly values: number;
}

/** Values of a kind, by how sure the surest finding in each is. */
type Counts = Record<Certainty, number>;

/** Fewer hits are chance, for kinds whose check lets through a few of a hundred numbers of that form; one of others is none. */
const ENOUGH: Readonly<Partial<Record<Kind, number>>> = { card: 5, es_dni: 5, uk_nhs: 7, uk_nino: 5, ip: 3 };
/** A share that somebody would have to explain; of a few values, most of them. */
const [SMALLEST_SHARE, FEW, SHARE_OF_FEW] = [0.01, 3, 0.5];

/**
 * Gathers what the values of one column hold, and judges the column by it. One value proves little: two of a hundred
 * order numbers are good card numbers. But of such a column most numbers fail the check, and of a column of cards none.
 */
export class ColumnEvidence {
  values = 0;
  private readonly hint: string;
  private readonly counts = new Map<Kind, Counts>();

  /** @param hint of the column's name. */
  constructor(hint: string) {
    this.hint = hint;
  }

  add(text: string): void {
    this.values++;
    const findings = scanText(text, this.hint);
    if (findings.length === 0) return;
    const surest = new Map<Kind, Certainty>();
    for (const { kind, certainty } of findings) surest.set(kind, surer(certainty, surest.get(kind)));
    for (const [kind, certainty] of surest) this.countsOf(kind)[certainty]++;
  }

  /** What it seems to hold, the most frequent first. */
  judge(): Suspicion[] {
    return [...this.counts]
      .flatMap(([kind, counts]) => this.suspicionOf(kind, counts))
      .toSorted((a, b) => b.hits - a.hits);
  }

  /** All that it holds at all, however little that proves. */
  traces(): Suspicion[] {
    return [...this.counts].flatMap(([kind, { checked, possible }]) => {
      const hits = checked + possible;
      return hits > 0 ? [{ kind, isProven: false, hits, values: this.values }] : [];
    });
  }

  private suspicionOf(kind: Kind, { checked, contextual, possible, lookalike }: Counts): Suspicion[] {
    const isLikely = (hits: number, share: number) =>
      hits >= (ENOUGH[kind] ?? 1) && hits >= lookalike && hits >= share * this.values;
    const share = checked >= FEW ? SMALLEST_SHARE : SHARE_OF_FEW;
    const isProven = isLikely(checked, share) || isLikely(checked + possible, SHARE_OF_FEW);
    const hits = isProven ? checked + possible + contextual : checked + contextual;
    return isProven || hits > 0 ? [{ kind, isProven, hits, values: this.values }] : [];
  }

  private countsOf(kind: Kind): Counts {
    const known = this.counts.get(kind);
    if (known) return known;
    const counts = { lookalike: 0, possible: 0, contextual: 0, checked: 0 };
    this.counts.set(kind, counts);
    return counts;
  }
}

const surer = (a: Certainty, b: Certainty = 'lookalike'): Certainty =>
  CERTAINTIES.indexOf(a) > CERTAINTIES.indexOf(b) ? a : b;

/** The words of a column's path: they may name what its values are. */
export const hintOf = (path: string): string =>
  path
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .toLowerCase();
