import fc from 'fast-check';
import { recordEvidence } from '../../../lambdas/finish-run/record-evidence.ts';
import { keyOf, numberOf, verifyChain } from '../../../lib/evidence/chain.ts';
import type { EndedRun, SealedDocument } from '../../../lib/evidence/document.ts';
import { readDocument } from '../../../lib/evidence/read-document.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryEvidence } from '../fakes/memory-stores.ts';

const AT = '2011-01-04T10:00:00.000Z';

function world() {
  const [ledger, evidence] = [new MemoryLedger(), new MemoryEvidence()];
  const ended = (runId: string): EndedRun => ({
    ...{ env: 'dev', domain: 'commerce', plan: null, results: [], published: null },
    run: { runId, outcome: 'failed', trigger: 'a commit', startedAt: AT, endedAt: AT },
  });
  const write = (runId: string): Promise<SealedDocument> => recordEvidence({ ledger, evidence }, ended(runId));
  const record = (runId: string, sealed: SealedDocument): Promise<boolean> =>
    ledger.endRun('commerce', {
      ...{ type: 'run', v: 1, runId, status: 'failed', trigger: 'a commit', startedAt: AT, endedAt: AT },
      ...{ steps: [], gates: [], evidence: sealed },
    });
  const findings = async () => {
    const documents = new Map([...evidence.documents].map(([key, bytes]) => [numberOf(key) ?? 0, bytes]));
    const runs = await ledger.runs('commerce', 1000);
    return verifyChain({
      documents,
      witness: new Map(runs.flatMap(({ evidence: it }) => (it ? [[it.number, it]] : []))),
    });
  };
  return { ledger, evidence, write, record, findings };
}

test('each run stands behind the one before', async () => {
  const { evidence, write, record, findings } = world();
  for (const runId of ['run-1', 'run-2', 'run-3']) await record(runId, await write(runId));
  const documents = [...evidence.documents.values()].map(readDocument);
  expect(documents.map((document) => [document?.number, document?.runId])).toEqual([
    [1, 'run-1'],
    [2, 'run-2'],
    [3, 'run-3'],
  ]);
  expect(await findings()).toEqual([]);
});

test('a document that was changed in the bucket does not become what the next one stands on', async () => {
  const { evidence, write, record, findings } = world();
  for (const runId of ['run-1', 'run-2']) await record(runId, await write(runId));
  const key = keyOf('commerce', 2);
  const changed = (await evidence.read(key)).slice();
  changed[20] = (changed[20] ?? 0) ^ 1;
  evidence.documents.set(key, changed);
  await record('run-3', await write('run-3'));
  expect(await findings()).toMatchObject([{ type: 'Changed', number: 2, changes: [{ offset: 20 }] }]);
});

test('whatever breaks between writing and recording, however many runs at once: one document a run, and one whole chain', async () => {
  const runs = fc.array(
    fc.record({ run: fc.integer({ min: 1, max: 6 }), isRecorded: fc.boolean(), beside: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(runs, async (steps) => {
      const { evidence, write, record, findings } = world();
      const pending: Promise<unknown>[] = [];
      for (const { run, isRecorded, beside } of steps) {
        const step = write(`run-${run}`).then((sealed) => isRecorded && record(`run-${run}`, sealed));
        if (beside) pending.push(step);
        else await step;
      }
      await Promise.all(pending);
      const ids = [...evidence.documents.values()].map((bytes) => readDocument(bytes)?.runId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(new Set(steps.map(({ run }) => `run-${run}`)));
      const last = evidence.documents.size;
      // Nothing but itself speaks for a newest document whose run was not recorded.
      const open = (await findings()).filter(({ type, number }) => type !== 'Unproven' || number !== last);
      expect(open).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
