import fc from 'fast-check';
import { canonicalBytes } from '../../../lib/evidence/canonical-json.ts';
import { keyOf, numberOf, verifyChain } from '../../../lib/evidence/chain.ts';
import { documentOf, type SealedDocument } from '../../../lib/evidence/document.ts';
import { type Seal, sealOf } from '../../../lib/evidence/seal.ts';
import { afterCommits, NOTHING, planOf, soundResults } from '../plan/commerce.ts';

const plan = planOf(afterCommits(NOTHING, 4));
const results = (['refine', 'model'] as const).map((step) => soundResults(plan, step));

/** Documents of so many runs, and what the ledger knows of them. */
function chainOf(length: number) {
  const documents = new Map<number, Uint8Array>();
  const witness = new Map<number, Seal>();
  let previous: SealedDocument | null = null;
  for (let number = 1; number <= length; number++) {
    const run = {
      runId: `run-${number}`,
      outcome: 'succeeded',
      trigger: 'a commit',
      startedAt: 'a',
      endedAt: 'b',
    } as const;
    const bytes = canonicalBytes(
      documentOf({ env: 'dev', domain: 'commerce', run, plan, results, published: null }, previous),
    );
    previous = { number, ...sealOf(bytes) };
    documents.set(number, bytes);
    witness.set(number, sealOf(bytes));
  }
  return { documents, witness };
}

/** The ledger may have lost everything but the newest run. */
const onlyNewest = (witness: ReadonlyMap<number, Seal>): ReadonlyMap<number, Seal> => new Map([...witness].slice(-1));

const flipped = (bytes: Uint8Array, offset: number, flip: number): Uint8Array => {
  const changed = bytes.slice();
  changed[offset] = (bytes[offset] ?? 0) ^ flip;
  return changed;
};

const CHAIN = chainOf(5);

test('a chain that nobody touched is whole', () => {
  expect(verifyChain(CHAIN)).toEqual([]);
  expect(verifyChain({ ...CHAIN, witness: onlyNewest(CHAIN.witness) })).toEqual([]);
  expect(verifyChain({ documents: new Map(), witness: new Map() })).toEqual([]);
});

test('any byte of any document that is changed is named, with what it was, and no other document is blamed', () => {
  const anywhere = fc.record({
    number: fc.integer({ min: 1, max: 5 }),
    place: fc.nat(),
    flip: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(anywhere, fc.boolean(), ({ number, place, flip }, forgets) => {
      const bytes = CHAIN.documents.get(number) ?? new Uint8Array();
      const offset = place % bytes.length;
      const documents = new Map(CHAIN.documents).set(number, flipped(bytes, offset, flip));
      const witness = forgets ? onlyNewest(CHAIN.witness) : CHAIN.witness;
      const change = { offset, length: 1, was: bytes[offset], is: (bytes[offset] ?? 0) ^ flip };
      expect(verifyChain({ documents, witness })).toEqual([
        { type: 'Changed', number, size: bytes.length, changes: [change], restored: bytes },
      ]);
    }),
    { numRuns: 60 },
  );
});

test.each([1, 3, 5])('document %d is missing when it is gone, the newest one as well', (number) => {
  const documents = new Map(CHAIN.documents);
  documents.delete(number);
  expect(verifyChain({ ...CHAIN, documents })).toEqual([{ type: 'Missing', number }]);
});

test('documents that changed places are told by the place that each is in', () => {
  const [two, four] = [2, 4].map((number) => CHAIN.documents.get(number) ?? new Uint8Array());
  const documents = new Map(CHAIN.documents).set(2, four ?? new Uint8Array()).set(4, two ?? new Uint8Array());
  for (const witness of [CHAIN.witness, onlyNewest(CHAIN.witness)])
    expect(verifyChain({ documents, witness })).toEqual([
      { type: 'Misplaced', number: 2, holds: 4 },
      { type: 'Misplaced', number: 4, holds: 2 },
    ]);
});

test('a chain that was made up anew from some document on does not fit what the ledger knows', () => {
  const forged = new Map(CHAIN.documents);
  let previous: SealedDocument | null = { number: 3, ...sealOf(forged.get(3) ?? new Uint8Array()) };
  for (const number of [4, 5]) {
    const run = {
      runId: `run-${number}`,
      outcome: 'failed',
      trigger: 'a commit',
      startedAt: 'a',
      endedAt: 'b',
    } as const;
    const ended = { env: 'dev', domain: 'commerce', run, plan: null, results: [], published: null };
    const bytes = canonicalBytes(documentOf(ended, previous));
    previous = { number, ...sealOf(bytes) };
    forged.set(number, bytes);
  }
  const found = verifyChain({ ...CHAIN, documents: forged });
  expect(found.map(({ type, number }) => [type, number])).toEqual([
    ['Changed', 4],
    ['Changed', 5],
  ]);
});

test('without the ledger nothing speaks for the newest document, nor for those before one that is beyond repair', () => {
  expect(verifyChain({ ...CHAIN, witness: new Map() })).toEqual([{ type: 'Unproven', number: 5 }]);
  const documents = new Map(CHAIN.documents).set(3, new Uint8Array(10));
  const found = verifyChain({ documents, witness: onlyNewest(CHAIN.witness) });
  expect(found.map(({ type, number }) => [type, number])).toEqual([
    ['Unproven', 2],
    ['Changed', 3],
  ]);
});

test('whatever lies in the place of a document, the others are judged', () => {
  const hostile = ['{}', '[]', 'null', '{"type":"evidence","v":1,"number":3,"previous":{"number":2}}', '\u0000', ''];
  for (const text of hostile) {
    const documents = new Map(CHAIN.documents).set(3, new TextEncoder().encode(text));
    expect(verifyChain({ documents, witness: CHAIN.witness })).toMatchObject([{ type: 'Changed', number: 3 }]);
    const alone = { documents: new Map([[1, new TextEncoder().encode(text)]]), witness: new Map() };
    expect(verifyChain(alone)).toEqual([{ type: 'Unproven', number: 1 }]);
  }
});

test('keys sort as the numbers do', () => {
  const keys = [1, 9, 10, 123_456].map((number) => keyOf('commerce', number));
  expect(keys.toSorted()).toEqual(keys);
  expect(keys.map(numberOf)).toEqual([1, 9, 10, 123_456]);
  expect(numberOf('commerce/notes.txt')).toBeUndefined();
});
