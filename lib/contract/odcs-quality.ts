import * as z from 'zod';
import { authoritativeDefinitions, tags } from './odcs-common.ts';
import { customProperties, stableId } from './vendor-properties.ts';

const between = z.array(z.number()).length(2).optional();

/** `quality[]`: a rule of the standard. `lint-rule.ts` says which of them Sluice can run. */
export const qualityRule = z.strictObject({
  id: stableId.optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  type: z.enum(['text', 'library', 'sql', 'custom']).optional(),
  metric: z.enum(['nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount']).optional(),
  rule: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  query: z.string().optional(),
  engine: z.string().optional(),
  implementation: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  mustBe: z.unknown().optional(),
  mustNotBe: z.unknown().optional(),
  mustBeGreaterThan: z.number().optional(),
  mustBeGreaterOrEqualTo: z.number().optional(),
  mustBeLessThan: z.number().optional(),
  mustBeLessOrEqualTo: z.number().optional(),
  mustBeBetween: between,
  mustNotBeBetween: between,
  severity: z.enum(['error', 'warning', 'info']).optional(),
  unit: z.enum(['rows', 'percent']).optional(),
  dimension: z
    .enum(['accuracy', 'completeness', 'conformity', 'consistency', 'coverage', 'timeliness', 'uniqueness'])
    .optional(),
  businessImpact: z.string().optional(),
  method: z.string().optional(),
  schedule: z.string().optional(),
  scheduler: z.string().optional(),
  tags,
  authoritativeDefinitions,
  customProperties: customProperties('rule'),
});
export type QualityRule = z.output<typeof qualityRule>;
