import { z } from 'zod';
import type { EvidenceDocument } from './document.ts';

const sealedSchema = z.object({
  number: z.int().positive(),
  sha256: z.string(),
  size: z.int().nonnegative(),
  blocks: z.string(),
});

/** What is relied on before a document is known to be whole. */
const documentSchema = z.looseObject({
  type: z.literal('evidence'),
  v: z.literal(1),
  number: z.int().positive(),
  previous: sealedSchema.nullable(),
  runId: z.string(),
  outcome: z.string(),
  endedAt: z.string(),
  tables: z.array(z.looseObject({ rules: z.array(z.looseObject({ outcome: z.string() })) })),
  published: z.looseObject({ slot: z.string() }).nullable(),
});

/** Undefined when the bytes are no document: they may be anything that somebody put there. */
export function readDocument(bytes: Uint8Array): EvidenceDocument | undefined {
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return documentSchema.safeParse(found).success ? (found as EvidenceDocument) : undefined;
  } catch {
    return undefined;
  }
}
