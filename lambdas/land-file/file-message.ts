import { z } from 'zod';
import type { FilePart, LandedFile } from '../shared/file-ports.ts';

/** What waits in the queue of files. */
export type FileMessage = FileAnnounced | { readonly type: 'PartDue'; readonly due: FilePart };

export interface FileAnnounced {
  readonly type: 'FileAnnounced';
  readonly file: LandedFile;
  /** True when a person asks once more for a file that was waiting for one. */
  readonly again?: boolean;
}

const etag = z
  .string()
  .min(1)
  .transform((text) => text.replaceAll('"', ''));

const file = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  size: z.number().int().nonnegative(),
  etag,
  versionId: z.string().min(1).optional(),
});

/** As S3 reports it through EventBridge, which does not encode the key as other notifications do. */
const created = z
  .object({
    'detail-type': z.literal('Object Created'),
    detail: z.object({
      bucket: z.object({ name: z.string().min(1) }),
      object: z.object({
        key: z.string().min(1),
        size: z.number().int().nonnegative(),
        etag,
        'version-id': z.string().min(1).optional(),
      }),
    }),
  })
  .transform(({ detail: { bucket, object } }): FileMessage => {
    const { key, size, etag: tag, 'version-id': versionId } = object;
    return { type: 'FileAnnounced', file: { bucket: bucket.name, key, size, etag: tag, versionId } };
  });

/** As Sluice announces a file itself: that no notification came for. */
const announced = z
  .object({ version: z.literal(1), type: z.literal('FileAnnounced'), file, again: z.boolean().optional() })
  .transform(
    ({ file: named, again }): FileMessage => ({ type: 'FileAnnounced', file: named, ...(again && { again }) }),
  );

const count = z.number().int().nonnegative();
const part = z
  .object({
    version: z.literal(1),
    type: z.literal('PartDue'),
    due: z.object({
      file,
      part: z.object({ from: z.object({ offset: count, number: count }), to: count }),
      index: count,
      of: count,
      before: z.object({ rows: count, landed: count, refused: count, produced: z.record(z.string(), count) }),
    }),
  })
  .transform(({ due }): FileMessage => ({ type: 'PartDue', due }));

const message = z.union([created, announced, part]);

/** Throws for anything else: only S3 and Sluice write to the queue, so that is a bug and should be seen. */
export const parseFileMessage = (body: string): FileMessage => message.parse(JSON.parse(body));
