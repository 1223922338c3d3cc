import * as z from 'zod';

/** `implementation` of a rule of `engine: sluice`: the table's count or sum beside that of one of its inputs. */
export const reconcile = z.strictObject({
  check: z.literal('reconcile'),
  measure: z.enum(['rowCount', 'sum']),
  /** What is summed. */
  column: z.string().optional(),
  with: z.strictObject({
    table: z.string(),
    /** Its column of another name. */
    column: z.string().optional(),
  }),
});
export type Reconcile = z.output<typeof reconcile>;
