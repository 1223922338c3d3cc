import * as z from 'zod';
import { foreignProperties, stableId } from './vendor-properties.ts';

/** Parts of the standard that occur on several levels. */
export const tags = z.array(z.string()).optional();

export const authoritativeDefinitions = z
  .array(
    z.strictObject({
      id: stableId.optional(),
      url: z.string(),
      type: z.string(),
      description: z.string().optional(),
    }),
  )
  .optional();

export const synonyms = z
  .array(
    z.strictObject({
      id: stableId.optional(),
      synonym: z.string(),
      description: z.string().optional(),
      locale: z.string().optional(),
      source: z.string().optional(),
      status: z.string().optional(),
      customProperties: foreignProperties,
    }),
  )
  .optional();

const statement = { authoritativeDefinitions, tags, customProperties: foreignProperties, id: z.string().optional() };

/** What an assistant should know of the data: prose, or prose with verified questions. */
export const context = z
  .union([
    z.string(),
    z.strictObject({
      instructions: z.string().optional(),
      verifiedStatements: z
        .array(z.strictObject({ ...statement, question: z.string(), answer: z.string().optional() }))
        .optional(),
      constraints: z.array(z.strictObject({ ...statement, constraint: z.string() })).optional(),
    }),
  ])
  .optional();
