import * as z from 'zod';
import { authoritativeDefinitions, context, tags } from './odcs-common.ts';
import { table } from './odcs-table.ts';
import { customProperties, foreignProperties, isoDate, slo, stableId } from './vendor-properties.ts';

const role = z.strictObject({
  id: stableId.optional(),
  role: z.string(),
  description: z.string().optional(),
  access: z.string().optional(),
  firstLevelApprovers: z.string().optional(),
  secondLevelApprovers: z.string().optional(),
  customProperties: customProperties({ rowFilter: z.string(), purpose: z.string(), expires: isoDate }),
});

/** Keys of any kind of server: where a consumer connects is documentation, so they are not told apart. */
const server = z.strictObject({
  id: stableId.optional(),
  server: z.string(),
  type: z.string(),
  description: z.string().optional(),
  environment: z.string().optional(),
  roles: z.array(role).optional(),
  customProperties: foreignProperties,
  ...anyText(
    ['account', 'catalog', 'catalogUrl', 'database', 'dataset', 'delimiter', 'encoding', 'endpointUrl', 'format'],
    ['host', 'location', 'namespace', 'path', 'port', 'project', 'region', 'regionName', 'schema', 'serviceName'],
    ['stagingDir', 'stream', 'warehouse', 'workgroup'],
  ),
});

function anyText(...keys: string[][]) {
  const text = z.union([z.string(), z.number()]).optional();
  return Object.fromEntries(keys.flat().map((key) => [key, text]));
}

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
  customProperties: customProperties({ slo }),
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

/** A file of the Open Data Contract Standard, as far as Sluice understands it, and nothing beside it. */
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
  schema: z.array(table).length(1),
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
