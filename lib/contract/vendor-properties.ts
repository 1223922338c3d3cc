import * as z from 'zod';
import { LAYERS } from './contract.ts';
import { ISO_DURATION } from './duration.ts';
import { explain, refusalsOf } from './explain-issue.ts';
import { notAllowed } from './problem.ts';

/** Whose `customProperties` Sluice reads; those of other vendors are kept out of it. */
export const VENDOR = 'sluice';

export const stableId = z.string().regex(/^[A-Za-z0-9_-]+$/);

const customProperty = z.strictObject({
  id: stableId.optional(),
  property: z.string(),
  value: z.unknown(),
  description: z.string().optional(),
  vendor: z.string().optional(),
});

/** What a column of a view is made of: the column of the same name, when it says nothing. */
const viewColumn = z.strictObject({
  from: z.string().optional(),
  /** A factor, as text to stay exact. */
  times: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .optional(),
  /** Stands where the value is null. */
  otherwise: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

/** How the source says what its events do. Whatever neither deletes nor truncates writes rows. */
const changes = z.strictObject({
  /** The column of bronze that says it. */
  operation: z.string().optional(),
  deletes: z.array(z.string()).min(1).optional(),
  truncates: z.array(z.string()).min(1).optional(),
  /** The column by which the source orders its events, in place of their times. */
  orderBy: z.string().optional(),
});

const input = z.strictObject({
  table: z.string(),
  explode: z.string().optional(),
  /** Of gold: it is read as a table without rows until something has landed. */
  optional: z.literal(true).optional(),
});

/** How a table comes about. */
export const pipeline = z.strictObject({
  layer: z.enum(LAYERS),
  ingest: z
    .strictObject({
      from: z.enum(['stream', 'firehose', 'files', 'pull', 'cdc']),
      event: z.string(),
      key: z.string(),
      delivery: z.enum(['exactly-once', 'at-least-once']).optional(),
    })
    .optional(),
  inputs: z.array(input).default([]),
  /** The table of which this one serves an older version. */
  versionOf: z.string().optional(),
  /** When the domain is run by the clock, beside the runs that commits start. */
  schedule: z.strictObject({ cron: z.string(), timeZone: z.string().default('UTC') }).optional(),
  /** How far behind the latest event a row may come; one that is later is quarantined. */
  lateness: z.string().meta({ pattern: ISO_DURATION.source }).optional(),
  /** By column how far a time may be ahead of its event's arrival; a row with one that is farther is quarantined. */
  ahead: z.record(z.string(), z.string().meta({ pattern: ISO_DURATION.source })).optional(),
  changes: changes.optional(),
  write: z.strictObject({
    mode: z.enum(['append', 'merge', 'scd2', 'rebuild', 'partitions', 'view']),
    keys: z.array(z.string()).optional(),
    columns: z.record(z.string(), viewColumn).optional(),
  }),
});
export type Pipeline = z.output<typeof pipeline>;

export const masking = z.strictObject({
  method: z.enum(['none', 'tokenise', 'hash', 'redact', 'generalise', 'noise', 'encrypt']),
  from: z.enum(LAYERS),
  unmaskRole: z.string().optional(),
  approvedBy: z.string().optional(),
  reason: z.string().optional(),
});

export const standardise = z.array(
  z.union([
    z.enum(['trim', 'lower', 'upper', 'collapse_whitespace']),
    z.strictObject({ null_if: z.array(z.string()).min(1) }),
  ]),
);

export const onFailure = z.enum(['quarantine', 'block', 'warn']);
export const blockAbovePercent = z.number().min(0).max(100);

/** Rows of gold that tell of people in groups, and the fewest people that a group may have. */
export const groups = z.strictObject({
  /** The column that counts the people of a row. */
  persons: z.string(),
  atLeast: z.int().min(2),
  /** The column that counts of how many groups a row was merged, 1 where it is one alone. */
  merged: z.string().optional(),
});
export type Groups = z.output<typeof groups>;

export const rounded = z.number().gt(0);

export const sharedWith = z.array(z.string()).min(1);

export const slo = z.strictObject({
  objective: z.number().gt(0).lt(100),
  windowDays: z.int().min(1),
  alert: z.enum(['burnRate']),
});
export const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** What is ours, by what may have it. `docs/schemas/` publishes it, and the reference proposes it to the standard. */
export const VENDOR_PROPERTIES = {
  table: {
    pipeline: pipeline.describe(
      'How the table comes about: its layer, where its rows come from, how and when they are written.',
    ),
    blockAbovePercent: blockAbovePercent.describe(
      'Share of refused rows, in percent, above which nothing is published.',
    ),
    sharedWith: sharedWith.describe('Other domains whose gold may be made of the table.'),
    groups: groups.describe('Which column counts the people of a row, and how few they may be; fewer block the run.'),
  },
  column: {
    masking: masking.describe('How and from which layer on a value is masked, and who may see it as it is.'),
    standardise: standardise.describe('How values are cleaned on their way to silver, in this order.'),
    rounded: rounded.describe('Of what each value is a multiple, so that none is exact; any other blocks the run.'),
    onFailure: onFailure.describe('What happens to rows that break what the column itself promises.'),
    blockAbovePercent: blockAbovePercent.describe('Share of such rows, in percent, above which the run is blocked.'),
  },
  rule: {
    onFailure: onFailure.describe('What happens when the rule is broken; its severity decides when this is left out.'),
    blockAbovePercent: blockAbovePercent.describe('Share of such rows, in percent, above which the run is blocked.'),
  },
  relationship: {
    onFailure: onFailure.describe('What happens to rows that refer to nothing.'),
    blockAbovePercent: blockAbovePercent.describe('Share of such rows, in percent, above which the run is blocked.'),
  },
  sla: {
    slo: slo.describe('How often the promise is to be kept, and how a breach is told.'),
    onFailure: onFailure.describe('What happens to a run that finds the promise broken.'),
  },
  role: {
    rowFilter: z.string().describe('A condition in SQL on the rows that the role may read.'),
    purpose: z.string().describe('What the role reads the data for.'),
    expires: isoDate.describe('The last day on which the role may read.'),
  },
  nothing: {},
} as const satisfies Readonly<Record<string, Known>>;

type Known = Readonly<Record<string, z.ZodType>>;
type Owner = keyof typeof VENDOR_PROPERTIES;
type Ours<K extends Known> = { readonly [P in keyof K]?: z.output<K[P]> };

/**
 * Under this key the map of ours keeps the entries of others, aside: nobody meets them who does not ask. A symbol, since
 * no name of a property can be the same.
 */
export const FOREIGN = Symbol('customProperties of other vendors');
export type ForeignProperty = z.output<typeof customProperty>;
type WithForeign = { readonly [FOREIGN]?: readonly ForeignProperty[] };

/**
 * A list of `customProperties`, read as a map of ours. An entry without a vendor is ours if it has one of our names here:
 * ODCS v3.1 knows no vendors, and a `masking` that is overlooked for want of one would be a leak.
 */
export function customProperties<O extends Owner>(owner: O) {
  const known: Known = VENDOR_PROPERTIES[owner];
  return z
    .array(customProperty)
    .transform((entries, context): Ours<(typeof VENDOR_PROPERTIES)[O]> & WithForeign => {
      const isOurs = ({ property, vendor }: ForeignProperty) =>
        vendor === VENDOR || (vendor === undefined && property in known);
      const ours: Record<string, unknown> = {};
      entries.forEach((entry, index) => {
        const { property, value } = entry;
        if (isOurs(entry)) ours[property] = readValue(known, property, value, [index], context);
      });
      const foreign = entries.filter((entry) => !isOurs(entry));
      return { ...(ours as Ours<(typeof VENDOR_PROPERTIES)[O]>), ...(foreign.length > 0 && { [FOREIGN]: foreign }) };
    })
    .prefault([]);
}

/** Where the standard allows custom properties, but Sluice has none. */
export const foreignProperties = customProperties('nothing').optional();

function readValue(known: Known, property: string, value: unknown, path: number[], context: z.RefinementCtx): unknown {
  const schema = known[property];
  if (!schema) {
    const text = notAllowed(property, Object.keys(known).length > 0 ? Object.keys(known) : ['none here']);
    context.addIssue({ code: 'custom', path: [...path, 'property'], message: text });
    return undefined;
  }
  const parsed = schema.safeParse(value, { error: explain });
  for (const refusal of refusalsOf(parsed.error)) {
    context.addIssue({ code: 'custom', path: [...path, 'value', ...refusal.path], message: refusal.text });
  }
  return parsed.data;
}
