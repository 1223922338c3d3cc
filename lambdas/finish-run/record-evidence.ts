import { canonicalBytes } from '../../lib/evidence/canonical-json.ts';
import { keyOf, numberOf } from '../../lib/evidence/chain.ts';
import { documentOf, type EndedRun, type SealedDocument } from '../../lib/evidence/document.ts';
import { readDocument } from '../../lib/evidence/read-document.ts';
import { sealOf } from '../../lib/evidence/seal.ts';
import type { Ledger, RunItem } from '../shared/ledger.ts';
import type { EvidenceStore } from '../shared/ports.ts';

export interface Recorder {
  readonly ledger: Ledger;
  readonly evidence: EvidenceStore;
}

/** Runs back to which documents are looked for: a run whose end is reported once more is hardly ever that old. */
const RUNS = 20;
/** Each attempt that fails means that another run of the domain wrote a document in between. */
const ATTEMPTS = 8;

interface Written extends SealedDocument {
  /** Undefined when the document can no longer be read. */
  readonly runId: string | undefined;
}

/** Adds a run's document to its domain's chain, once however often it is asked. */
export async function recordEvidence({ ledger, evidence }: Recorder, ended: EndedRun): Promise<SealedDocument> {
  const { domain, run } = ended;
  const runs = await ledger.runs(domain, RUNS);
  const recorded = recordedIn(runs);
  const after = runs.length < RUNS ? 0 : Math.min(...recorded.keys());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const written = await documentsAfter(after, evidence, domain, recorded);
    const own = written.find(({ runId }) => runId === run.runId);
    if (own) return sealedOf(own);
    const newest = written.at(-1);
    const added = await add(evidence, ended, newest ? sealedOf(newest) : null);
    if (added) return added;
  }
  throw new Error(`domain '${domain}': other runs wrote evidence ${ATTEMPTS} times while run '${run.runId}' tried to`);
}

const recordedIn = (runs: readonly RunItem[]): ReadonlyMap<number, Written> =>
  new Map(
    runs.flatMap(({ runId, evidence }) => (evidence ? [[evidence.number, { ...evidence, runId }] as const] : [])),
  );

/**
 * As the ledger knows them, not as they lie in the bucket: what was changed there must not become the truth. Only what
 * was written by a run that was not recorded, or not yet, is read.
 */
async function documentsAfter(
  after: number,
  evidence: EvidenceStore,
  domain: string,
  recorded: ReadonlyMap<number, Written>,
): Promise<Written[]> {
  const keys = await evidence.keys(`${domain}/`, Number.isFinite(after) ? keyOf(domain, after) : undefined);
  const others = keys.flatMap((key) => numberOf(key) ?? []).filter((number) => !recorded.has(number));
  const found = await Promise.all(
    others.map(async (number) => {
      const bytes = await evidence.read(keyOf(domain, number));
      return { number, ...sealOf(bytes), runId: readDocument(bytes)?.runId };
    }),
  );
  return [...recorded.values(), ...found].toSorted((a, b) => a.number - b.number);
}

const sealedOf = ({ runId: _, ...sealed }: Written): SealedDocument => sealed;

async function add(
  evidence: EvidenceStore,
  ended: EndedRun,
  previous: SealedDocument | null,
): Promise<SealedDocument | null> {
  const document = documentOf(ended, previous);
  const bytes = canonicalBytes(document);
  const isAdded = await evidence.add(keyOf(ended.domain, document.number), bytes);
  return isAdded ? { number: document.number, ...sealOf(bytes) } : null;
}
