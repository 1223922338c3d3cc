import * as z from 'zod';
import { notAllowed } from './problem.ts';
import { parseReference, REFERENCE_FORMS } from './reference.ts';
import { customProperties } from './vendor-properties.ts';

const reference = z.string().refine((text) => parseReference(text) !== undefined, {
  error: ({ input }) => notAllowed(input, REFERENCE_FORMS),
});
const references = z.union([reference, z.array(reference).min(1)]);

const relationship = {
  id: z.string().optional(),
  type: z.enum(['foreignKey']).optional(),
  customProperties: customProperties('relationship'),
};

/** `relationships[]` of a property, which is the one that refers. */
export const columnRelationship = z.strictObject({ ...relationship, to: references });

/** `relationships[]` of a table: one column for one, or a list for a list. */
export const tableRelationship = z
  .strictObject({ ...relationship, from: references, to: references })
  .refine(({ from, to }) => listOf(from).length === listOf(to).length && Array.isArray(from) === Array.isArray(to), {
    error: 'from and to differ in form, allowed: one column each, or lists of the same length',
  });

export type ColumnRelationship = z.output<typeof columnRelationship>;
export type TableRelationship = z.output<typeof tableRelationship>;

export const listOf = (references: string | readonly string[]): readonly string[] =>
  typeof references === 'string' ? [references] : references;
