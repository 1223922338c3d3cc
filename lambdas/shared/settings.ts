import { z } from 'zod';

/** Settings that functions read; each takes those that it names. */
const SETTINGS = {
  APPLICATION_ID: z.string().min(1),
  BACKFILL_MACHINE_ARN: z.string().min(1),
  DOMAIN: z.string().min(1),
  BRONZE_BUCKET: z.string().min(1),
  COMMIT_QUEUE_URL: z.string().min(1),
  /** Names, without the environment and the domain. */
  DEAD_LETTER_QUEUES: z.string().transform((names) => names.split(',')),
  EVENT_ID_SECRET_ARN: z.string().min(1),
  EVIDENCE_BUCKET: z.string().min(1),
  FILE_QUEUE_URL: z.string().min(1),
  GRACE_MINUTES: z.coerce.number().positive(),
  GOLD_BUCKET: z.string().min(1),
  JOB_ENTRY_POINT: z.string().min(1),
  JOB_LOG_URI: z.string().min(1),
  JOB_PARAMETERS: z.string().min(1),
  JOB_ROLE_ARN: z.string().min(1),
  JOB_TIMEOUT_MINUTES: z.coerce.number().int().positive(),
  LANDING_BUCKET: z.string().min(1),
  LARGE_FILE_BYTES: z.coerce.number().int().positive(),
  LEDGER_TABLE: z.string().min(1),
  LINEAGE_LOG_GROUP: z.string().min(1),
  INTERVALS_AT_ONCE: z.coerce.number().int().positive(),
  LOADS_AT_ONCE: z.coerce.number().int().positive(),
  OPS_BUCKET: z.string().min(1),
  ORDERED: z.stringbool(),
  QUARANTINE_KEY_ARN: z.string().min(1),
  QUARANTINE_DAYS: z.coerce.number().positive(),
  REDRIVES_PER_DAY: z.coerce.number().int().nonnegative(),
  RELEASES_PER_DAY: z.coerce.number().int().nonnegative(),
  RESTARTS_PER_DAY: z.coerce.number().int().nonnegative(),
  RESTORE_FUNCTION: z.string().min(1),
  RUN_LIMIT_MINUTES: z.coerce.number().positive(),
  SETTLE_MINUTES: z.coerce.number().int().positive(),
  SETTLE_SECONDS: z.coerce.number().int().nonnegative(),
  SILVER_BUCKET: z.string().min(1),
  SLOT_PARAMETER: z.string().min(1),
  SLUICE_ENV: z.enum(['local', 'dev', 'stage', 'prod']),
  STATE_MACHINE_ARN: z.string().min(1),
  TOKEN_SECRET_ARN: z.string().min(1),
} as const;

type Known = typeof SETTINGS;
export type Settings<Name extends keyof Known> = { readonly [Key in Name]: z.infer<Known[Key]> };

/** Reads settings when the module loads, so that a function that lacks one fails at once and says which. */
export function readSettings<Name extends keyof Known>(...names: readonly Name[]): Settings<Name> {
  const shape = Object.fromEntries(names.map((name) => [name, SETTINGS[name]]));
  const found = z.object(shape).safeParse(process.env);
  if (found.success) return found.data as Settings<Name>;
  const problems = found.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`environment variables of the function: ${problems.join('; ')}; deploy its stack again`);
}
