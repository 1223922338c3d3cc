import * as z from 'zod';
import { authoritativeDefinitions, context, tags } from './odcs-common.ts';
import { role } from './odcs-role.ts';
import { server } from './odcs-server.ts';
import { table } from './odcs-table.ts';
import { customProperties, foreignProperties, isoDate, stableId } from './vendor-properties.ts';

const slaProperty = z.strictObject({
  id: stableId.optional(),
  property: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  valueExt: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  unit: z.string().optional(),
  element: z.string().optional(),
  driver: z.string().optional(),
  description: z.string().optional(),
  scheduler: z.string().optional(),
  schedule: z.string().optional(),
  authoritativeDefinitions,
  customProperties: customProperties('sla'),
});
export type SlaProperty = z.output<typeof slaProperty>;

const member = z.strictObject({
  id: stableId.optional(),
  username: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  role: z.string().optional(),
  dateIn: isoDate.optional(),
  dateOut: isoDate.optional(),
  replacedByUsername: z.string().optional(),
  tags,
  customProperties: foreignProperties,
  authoritativeDefinitions,
});

const team = z.strictObject({
  id: stableId.optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  members: z.array(member).default([]),
  tags,
  customProperties: foreignProperties,
  authoritativeDefinitions,
});

/** The standard has deprecated the bare list of members, and still takes it. */
const deprecatedTeam = z.array(member).transform((members) => ({ members }));

const supportChannel = z.strictObject({
  id: stableId.optional(),
  channel: z.string(),
  url: z.string().optional(),
  description: z.string().optional(),
  tool: z.string().optional(),
  scope: z.string().optional(),
  invitationUrl: z.string().optional(),
  customProperties: foreignProperties,
});

const price = z.strictObject({
  id: stableId.optional(),
  priceAmount: z.number().optional(),
  priceCurrency: z.string().optional(),
  priceUnit: z.string().optional(),
});

const description = z.strictObject({
  purpose: z.string(),
  usage: z.string().optional(),
  limitations: z.string().optional(),
  authoritativeDefinitions,
  customProperties: foreignProperties,
});

const oneTable = ({ input }: { readonly input?: unknown }): string =>
  `found ${Array.isArray(input) ? input.length : 0} tables, allowed: 1; every table has a file of its own`;

/** A file of the Open Data Contract Standard, v3.2.0 or v3.1.0, and nothing beside it. */
export const odcsContract = z.strictObject({
  apiVersion: z.enum(['v3.2.0', 'v3.1.0']),
  kind: z.literal('DataContract'),
  id: z.string(),
  name: z.string().optional(),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  status: z.string().optional(),
  tenant: z.string().optional(),
  domain: z.string(),
  dataProduct: z.string().optional(),
  tags,
  description,
  context,
  schema: z.array(table).length(1, { error: oneTable }),
  servers: z.array(server).optional(),
  support: z.array(supportChannel).default([]),
  price: price.optional(),
  team: z.union([team, deprecatedTeam]),
  roles: z.array(role).optional(),
  slaDefaultElement: z.string().optional(),
  slaProperties: z.array(slaProperty).default([]),
  authoritativeDefinitions,
  customProperties: foreignProperties,
  contractCreatedTs: z.string().optional(),
});
export type OdcsContract = z.output<typeof odcsContract>;
