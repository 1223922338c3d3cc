import type { Ledger } from '../../lambdas/shared/ledger.ts';
import type { EvidenceStore } from '../../lambdas/shared/ports.ts';
import { type Chain, keyOf, numberOf } from '../../lib/evidence/chain.ts';
import type { EvidenceDocument } from '../../lib/evidence/document.ts';
import { readDocument } from '../../lib/evidence/read-document.ts';

export interface EvidenceSources {
  readonly ledger: Pick<Ledger, 'runs'>;
  readonly store: EvidenceStore;
}

/** Documents that are read at the same time. */
const AT_ONCE = 32;
const ALL = 2 ** 31 - 1;

/** All documents of a domain, and what the ledger knows of them. */
export async function readChain({ ledger, store }: EvidenceSources, domain: string): Promise<Chain> {
  const [runs, numbers] = await Promise.all([ledger.runs(domain, ALL), numbersOf(store, domain)]);
  const witness = new Map(runs.flatMap(({ evidence }) => (evidence ? [[evidence.number, evidence] as const] : [])));
  return { documents: await readAll(store, domain, numbers), witness };
}

/** The newest documents that can be read, newest first. */
export async function newestDocuments(
  store: EvidenceStore,
  domain: string,
  limit: number,
): Promise<EvidenceDocument[]> {
  const numbers = (await numbersOf(store, domain)).slice(-limit);
  const documents = await readAll(store, domain, numbers);
  return [...documents.values()].flatMap((bytes) => readDocument(bytes) ?? []).toReversed();
}

async function numbersOf(store: EvidenceStore, domain: string): Promise<number[]> {
  return (await store.keys(`${domain}/`)).flatMap((key) => numberOf(key) ?? []);
}

async function readAll(
  store: EvidenceStore,
  domain: string,
  numbers: readonly number[],
): Promise<Map<number, Uint8Array>> {
  const documents = new Map<number, Uint8Array>();
  for (let start = 0; start < numbers.length; start += AT_ONCE) {
    const some = numbers.slice(start, start + AT_ONCE);
    const read = await Promise.all(some.map((number) => store.read(keyOf(domain, number))));
    for (const [index, number] of some.entries()) documents.set(number, read[index] ?? new Uint8Array());
  }
  return documents;
}
