import type { Data } from 'apache-arrow';
import type { Column, Field } from '../contract/contract.ts';
import { ColumnEvidence, hintOf, type Suspicion } from '../pii/column-evidence.ts';
import { declaredTexts } from '../pii/declared-texts.ts';

/** Bytes of text of a table that are looked at in a batch: two milliseconds, beside a hundred for a large one. */
const SAMPLE_BYTES = 16 * 1024;
/** Of one text, from its beginning. */
const MAX_TEXT_BYTES = 4096;
/** At the end of a place: what tells its row from the next. */
const PLACE_BYTES = 16;
const [FNV_START, FNV_PRIME, HASHES] = [0x811c9dc5, 0x01000193, 2 ** 32];

/** Where a text column, or the text member of a nested one, has its values. */
interface Leaf {
  readonly path: string;
  readonly hint: string;
  /** Indexes of the children to go down by; of a list there is one. */
  readonly steps: readonly number[];
}

/** A column whose texts prove personal data. */
export interface Suspect extends Suspicion {
  readonly column: string;
}

/** Looks at samples of the texts of a table whose contract does not say that they are personal. */
export class TextSampler {
  private readonly leaves: readonly Leaf[];
  private readonly sequence: number;

  /** @param columns those of the contract, and those that Sluice adds: a row is a struct of them. */
  constructor(columns: readonly Column[]) {
    const open = new Set(declaredTexts(columns).flatMap(({ path, isTrusted }) => (isTrusted ? [] : [path])));
    this.sequence = columns.findIndex(({ name }) => name === '_sequence');
    this.leaves = leavesIn(columns, '', []).filter(({ path }) => open.has(path) && !path.startsWith('_'));
  }

  /** @param rows one struct a row, as the gate gathered them. The same rows give the same answer. */
  suspectsIn(rows: Data): Suspect[] {
    const sample = this.sample(rows);
    return this.leaves.flatMap(({ path, hint, steps }) => {
      const evidence = new ColumnEvidence(hint);
      for (const row of sample) addTexts(rows, steps, 0, row, evidence);
      return evidence.judge().flatMap((found) => (found.isProven ? [{ column: path, ...found }] : []));
    });
  }

  /**
   * Which rows are looked at, by their places: a row that is in the sample of a large batch is in that of a part of it,
   * so that a retry seldom judges otherwise.
   */
  private sample(rows: Data): readonly number[] {
    const bytes = this.leaves.reduce((sum, { steps }) => sum + bytesOf(rows, steps), 0);
    const below = bytes <= SAMPLE_BYTES ? HASHES : (HASHES * SAMPLE_BYTES) / bytes;
    const places = rows.children[this.sequence] as Data;
    const chosen: number[] = [];
    for (let row = 0; row < rows.length; row++) if (hashOf(places, row) < below) chosen.push(row);
    return chosen;
  }
}

const leavesIn = (columns: readonly Column[], before: string, steps: readonly number[]): Leaf[] =>
  columns.flatMap((column, index) => leavesOf(column, before + column.name, [...steps, index]));

function leavesOf(field: Field, path: string, steps: readonly number[]): Leaf[] {
  if (field.type === 'struct') return leavesIn(field.fields ?? [], `${path}.`, steps);
  if (field.type === 'array') return leavesOf(field.items ?? { type: 'string' }, `${path}[]`, [...steps, 0]);
  return field.type === 'string' ? [{ path, hint: hintOf(path), steps }] : [];
}

function addTexts(data: Data, steps: readonly number[], depth: number, row: number, evidence: ColumnEvidence): void {
  if (!isPresent(data, row)) return;
  const child = data.children[steps[depth] as number];
  if (!child) evidence.add(textAt(data, row));
  else if (isList(data))
    for (let item = offsetOf(data, row); item < offsetOf(data, row + 1); item++)
      addTexts(child, steps, depth + 1, item, evidence);
  else addTexts(child, steps, depth + 1, row, evidence);
}

const isPresent = ({ nullCount, nullBitmap }: Data, row: number): boolean =>
  nullCount === 0 || (((nullBitmap as Uint8Array)[row >> 3] as number) & (1 << (row & 7))) !== 0;

/** Structs have no offsets of their own. */
const isList = ({ valueOffsets }: Data): boolean => valueOffsets !== undefined && valueOffsets !== null;

const offsetOf = ({ valueOffsets }: Data, row: number): number => (valueOffsets as Int32Array)[row] as number;

function textAt(data: Data, row: number): string {
  const [from, to] = [offsetOf(data, row), offsetOf(data, row + 1)];
  const bytes = data.values as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, MAX_TEXT_BYTES)).toString('utf8');
}

/** Of all texts of a leaf. */
function bytesOf(rows: Data, steps: readonly number[]): number {
  const leaf = steps.reduce((data, step) => data.children[step] as Data, rows);
  return offsetOf(leaf, leaf.length);
}

/** FNV-1a of the end of a place. */
function hashOf(places: Data, row: number): number {
  const [from, to] = [offsetOf(places, row), offsetOf(places, row + 1)];
  const bytes = places.values as Uint8Array;
  let hash = FNV_START;
  for (let at = Math.max(from, to - PLACE_BYTES); at < to; at++)
    hash = Math.imul(hash ^ (bytes[at] as number), FNV_PRIME);
  // Places that follow each other differ in their last digits alone, which FNV spreads too little.
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
