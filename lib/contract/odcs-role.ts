import * as z from 'zod';
import { customProperties, stableId } from './vendor-properties.ts';

/** `roles[]`, of the contract or of a server: who may read, and who decides it. */
export const role = z.strictObject({
  id: stableId.optional(),
  role: z.string(),
  description: z.string().optional(),
  access: z.string().optional(),
  firstLevelApprovers: z.string().optional(),
  secondLevelApprovers: z.string().optional(),
  customProperties: customProperties('role'),
});
export type OdcsRole = z.output<typeof role>;
