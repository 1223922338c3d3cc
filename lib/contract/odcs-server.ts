import * as z from 'zod';
import { role } from './odcs-role.ts';
import { notAllowed } from './problem.ts';
import { foreignProperties, stableId } from './vendor-properties.ts';

/** What a server of each type says of itself, as the standard has it; a key with `?` may be left out. */
const KEYS_OF_TYPE = {
  api: 'location',
  athena: 'schema stagingDir? catalog? regionName? workgroup?',
  azure: 'location format encoding? delimiter?',
  bigquery: 'project dataset',
  btrieve: 'host database port?',
  clickhouse: 'host port database',
  databricks: 'catalog schema host?',
  denodo: 'host port database?',
  dremio: 'host port schema?',
  duckdb: 'database schema?',
  exasol: 'host port? schema?',
  fastobjects: 'database host? port?',
  glue: 'account database location? format? encoding?',
  hana: 'host port? database? schema?',
  cloudsql: 'host port database schema',
  db2: 'host port database schema?',
  hive: 'host database port?',
  iceberg: 'catalog catalogUrl namespace? warehouse?',
  impala: 'host database port?',
  informix: 'host database port?',
  ingres: 'database host port?',
  kafka: 'host format? encoding?',
  kinesis: 'region? format? encoding?',
  local: 'path format encoding?',
  mysql: 'host port database',
  oracle: 'host port serviceName',
  poet: 'database host? port?',
  postgresql: 'host port database schema',
  postgres: 'host port database schema',
  presto: 'host catalog? schema?',
  pubsub: 'project',
  redshift: 'database schema host? region? account?',
  s3: 'location endpointUrl? format? encoding? delimiter?',
  sftp: 'location format? encoding? delimiter?',
  snowflake: 'account database schema host? port? warehouse?',
  sqlserver: 'host database schema port?',
  synapse: 'host port database',
  teradata: 'host port? database?',
  trino: 'host port catalog schema',
  vectorwise: 'database host port?',
  versant: 'database host? port?',
  vertica: 'host port database schema',
  zen: 'host database port?',
  custom:
    'account? catalog? database? dataset? delimiter? endpointUrl? format? encoding? host? location? path? port? project? region? regionName? schema? serviceName? stagingDir? warehouse? stream?',
} as const;
export type ServerType = keyof typeof KEYS_OF_TYPE;
export const SERVER_TYPES = Object.keys(KEYS_OF_TYPE) as ServerType[];

/** The keys of a type of server; those that it must have come with `true`. */
const keysOf = (type: ServerType): Map<string, boolean> =>
  new Map(KEYS_OF_TYPE[type].split(' ').map((key) => [key.replace('?', ''), !key.endsWith('?')]));

const text = z.string().optional();

/** Where a server is found. Which of these belong together, its type says. */
const address = {
  account: text,
  catalog: text,
  catalogUrl: text,
  database: text,
  dataset: text,
  delimiter: text,
  encoding: text,
  endpointUrl: text,
  format: text,
  host: text,
  location: text,
  namespace: text,
  path: text,
  port: z.union([z.int(), z.string()]).optional(),
  project: text,
  region: text,
  regionName: text,
  schema: text,
  serviceName: text,
  stagingDir: text,
  stream: text,
  warehouse: text,
  workgroup: text,
};

/** `servers[]`: where consumers connect. */
export const server = z
  .strictObject({
    id: stableId.optional(),
    server: z.string(),
    type: z.enum(SERVER_TYPES),
    description: z.string().optional(),
    environment: z.string().optional(),
    roles: z.array(role).optional(),
    customProperties: foreignProperties,
    ...address,
  })
  .superRefine((value, context) => {
    const keys = keysOf(value.type);
    const allowed = `allowed for a server of type ${value.type}: ${[...keys.keys()].join(', ')}`;
    const given = Object.keys(address).filter((key) => value[key as keyof typeof address] !== undefined);
    for (const key of given.filter((each) => !keys.has(each))) {
      context.addIssue({ code: 'custom', path: [key], message: `unknown key: found '${key}', ${allowed}` });
    }
    if (value.type === 'sftp' && value.location !== undefined && !value.location.startsWith('sftp://'))
      context.addIssue({ code: 'custom', path: ['location'], message: notAllowed(value.location, ['sftp://…']) });
    for (const [key, isNeeded] of keys) {
      if (isNeeded && !given.includes(key))
        context.addIssue({ code: 'custom', path: [key], message: `missing, ${allowed}` });
    }
  });
