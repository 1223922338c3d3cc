import { z } from 'zod';

/** The last description of a job run, as Step Functions passes it on. */
const jobSchema = z
  .object({
    JobRunId: z.string().optional(),
    TotalExecutionDurationSeconds: z.number().nonnegative().optional(),
    BilledResourceUtilization: z
      .object({ VCPUHour: z.number(), MemoryGBHour: z.number(), StorageGBHour: z.number() })
      .optional(),
  })
  .transform(({ JobRunId, TotalExecutionDurationSeconds, BilledResourceUtilization: billed }) => ({
    jobRunId: JobRunId,
    seconds: TotalExecutionDurationSeconds,
    billed: billed && {
      vCPUHour: billed.VCPUHour,
      memoryGBHour: billed.MemoryGBHour,
      storageGBHour: billed.StorageGBHour,
    },
  }));
export type Job = z.infer<typeof jobSchema>;

/** What finish-run is told: the outcome, and the state machine's object as far as it came. */
export const endedSchema = z.object({
  outcome: z.enum(['succeeded', 'blocked', 'failed', 'nothing-to-do']),
  state: z.object({
    runId: z.string().min(1),
    trigger: z.string(),
    plan: z.object({ planUri: z.string().nullable() }).optional(),
    refine: jobSchema.optional(),
    model: jobSchema.optional(),
    error: z.object({ Error: z.string().default('Error'), Cause: z.string().default('') }).optional(),
  }),
});
export type Ended = z.infer<typeof endedSchema>;
