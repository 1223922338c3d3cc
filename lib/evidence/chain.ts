import type { SealedDocument } from './document.ts';
import { readDocument } from './read-document.ts';
import { type Damage, findDamage, isSealed, type Seal, sha256Of } from './seal.ts';

/** A domain's documents lie below `<domain>/`, in the order of their numbers. */
export const keyOf = (domain: string, number: number): string => `${domain}/${String(number).padStart(12, '0')}.json`;

/** Undefined when the key is none of a document. */
export function numberOf(key: string): number | undefined {
  const [, digits] = /\/(\d{12})\.json$/.exec(key) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** What is wrong with one document of a chain. */
export type Finding = { readonly number: number } & (
  | { readonly type: 'Missing' }
  /** Another document lies in its place. */
  | { readonly type: 'Misplaced'; readonly holds: number }
  | ({ readonly type: 'Changed'; readonly size: number } & Damage)
  /** Nothing that is whole says what it was. */
  | { readonly type: 'Unproven' }
);

/** What is there, and what others know of it. */
export interface Chain {
  /** Documents as they lie in the bucket, by number. */
  readonly documents: ReadonlyMap<number, Uint8Array>;
  /** What the ledger knows of documents. Without it nothing speaks for the newest one, or tells that it is missing. */
  readonly witness: ReadonlyMap<number, Seal>;
}

/** Every document as the next one has sealed it, and the newest as the ledger has. Lowest number first. */
export function verifyChain({ documents, witness }: Chain): Finding[] {
  const findings: Finding[] = [];
  const bySha256 = new Map([...documents.values()].map((bytes) => [sha256Of(bytes), bytes]));
  let next: SealedDocument | null | undefined;
  const newest = [...documents.keys(), ...witness.keys()].reduce((a, b) => Math.max(a, b), 0);
  for (let number = newest; number > 0; number--) {
    const seal = next?.number === number ? next : witness.get(number);
    const bytes = documents.get(number);
    const finding = judge(number, bytes, seal);
    if (finding) findings.unshift(finding);
    next = previousOf(wholeDocument(bytes, seal, finding, bySha256));
  }
  return findings;
}

function judge(number: number, bytes: Uint8Array | undefined, seal: Seal | undefined): Finding | null {
  if (!bytes) return { type: 'Missing', number };
  if (!seal) return { type: 'Unproven', number };
  if (isSealed(bytes, seal)) return null;
  const damage = findDamage(bytes, seal);
  const holds = readDocument(bytes)?.number;
  if (damage.restored || holds === undefined || holds === number)
    return { type: 'Changed', number, size: bytes.length, ...damage };
  return { type: 'Misplaced', number, holds };
}

/** The document as it was sealed, wherever it is now; an unproven one may still speak against those before it. */
function wholeDocument(
  bytes: Uint8Array | undefined,
  seal: Seal | undefined,
  finding: Finding | null,
  bySha256: ReadonlyMap<string, Uint8Array>,
): Uint8Array | null {
  if (!finding || finding.type === 'Unproven') return bytes ?? null;
  if (finding.type === 'Changed') return finding.restored;
  return (seal && bySha256.get(seal.sha256)) ?? null;
}

const previousOf = (bytes: Uint8Array | null): SealedDocument | null | undefined =>
  bytes ? readDocument(bytes)?.previous : undefined;
