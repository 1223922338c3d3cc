import { describeFinding, describeList } from '../../cli/evidence/describe-evidence.ts';
import { newestDocuments, readChain } from '../../cli/evidence/read-evidence.ts';
import { canonicalBytes } from '../../lib/evidence/canonical-json.ts';
import { keyOf, verifyChain } from '../../lib/evidence/chain.ts';
import { documentOf, type SealedDocument } from '../../lib/evidence/document.ts';
import { sealOf } from '../../lib/evidence/seal.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { MemoryEvidence } from '../lambdas/fakes/memory-stores.ts';

const AT = '2011-01-04T10:00:00.000Z';

/** So many failed runs of a domain, each recorded. */
async function evidenceOf(domain: string, runs: number) {
  const [ledger, store] = [new MemoryLedger(), new MemoryEvidence()];
  let previous: SealedDocument | null = null;
  for (let number = 1; number <= runs; number++) {
    const run = {
      runId: `${domain}-${number}`,
      outcome: 'failed',
      trigger: 'a commit',
      startedAt: AT,
      endedAt: AT,
    } as const;
    const bytes = canonicalBytes(
      documentOf({ env: 'dev', domain, run, plan: null, results: [], published: null }, previous),
    );
    previous = { number, ...sealOf(bytes) };
    await store.add(keyOf(domain, number), bytes);
    const { outcome: status, ...about } = run;
    await ledger.endRun(domain, { type: 'run', v: 1, ...about, status, steps: [], gates: [], evidence: previous });
  }
  return { ledger, store };
}

test('however many documents there are, all are read and compared', async () => {
  const sources = await evidenceOf('commerce', 70);
  const chain = await readChain(sources, 'commerce');
  expect([chain.documents.size, chain.witness.size]).toEqual([70, 70]);
  expect(verifyChain(chain)).toEqual([]);
});

test('the newest documents are listed first; files that are none are passed over', async () => {
  const { store } = await evidenceOf('commerce', 3);
  await store.add('commerce/notes.txt', new Uint8Array([1]));
  const newest = await newestDocuments(store, 'commerce', 2);
  expect(newest.map(({ number }) => number)).toEqual([3, 2]);
  expect(describeList(newest)).toMatch(/commerce-3 +failed +2011-01-04 10:00:00/);
  expect(describeList([])).toMatch(/no evidence yet/);
});

test('a changed byte is told by document, place, and what it was and is', async () => {
  const sources = await evidenceOf('commerce', 3);
  const key = keyOf('commerce', 2);
  const text = new TextDecoder().decode(await sources.store.read(key));
  sources.store.documents.set(key, new TextEncoder().encode(text.replace('"failed"', '"fAiled"')));
  const [finding] = verifyChain(await readChain(sources, 'commerce'));
  const offset = text.indexOf('"failed"') + 2;
  expect(finding && describeFinding('commerce', finding)).toBe(
    `commerce/000000000002.json: byte ${offset} was 0x61 'a' and is 0x41 'A'`,
  );
});

test.each([
  [{ type: 'Missing', number: 7 }, /^commerce\/000000000007.json: the document is missing/],
  [{ type: 'Misplaced', number: 7, holds: 5 }, /document 5 lies in its place$/],
  [{ type: 'Unproven', number: 7 }, /neither the next document nor the ledger$/],
  [
    { type: 'Changed', number: 7, size: 100, changes: [{ offset: 64, length: 36 }], restored: null },
    /changed among the 36 bytes from byte 64 on; what it was is known to the first version only$/,
  ],
] as const)('%j is told in a sentence', (finding, sentence) => {
  expect(describeFinding('commerce', finding)).toMatch(sentence);
});
