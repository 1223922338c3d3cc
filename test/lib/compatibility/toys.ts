import { stringify } from 'yaml';
import type { Change, ChangeKind } from '../../../lib/compatibility/change.ts';
import { compareContracts } from '../../../lib/compatibility/compare-contracts.ts';
import { readOdcs } from '../../../lib/compatibility/read-odcs.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests reach into a file's values wherever they like
export type Raw = any;

/** A contract in which everything stands that a change can be made of; `edit` makes one of it. */
export function toys(edit: (raw: Raw) => void = () => {}): Raw {
  const raw = structuredClone(TOYS);
  edit(raw);
  return raw;
}

const column = (name: string, rest: Raw): Raw => ({ id: `c_${name}`, name, classification: 'internal', ...rest });
const ours = (properties: Raw): Raw[] =>
  Object.entries(properties).map(([property, value]) => ({ property, vendor: 'sluice', value }));

const TOYS: Raw = {
  apiVersion: 'v3.2.0',
  kind: 'DataContract',
  id: 'toys-silver-sales',
  version: '1.4.2',
  status: 'active',
  domain: 'toys',
  description: { purpose: 'What was sold.' },
  schema: [
    {
      id: 'sales',
      name: 'sales',
      dataGranularityDescription: 'One row per sale.',
      properties: [
        column('sale_id', { logicalType: 'string', required: true, primaryKey: true, primaryKeyPosition: 1 }),
        column('line_no', { logicalType: 'integer', physicalType: 'int', required: true }),
        column('price', {
          logicalType: 'number',
          physicalType: 'decimal(18,4)',
          logicalTypeOptions: { minimum: 0, maximum: 1000 },
          customProperties: ours({ onFailure: 'quarantine', blockAbovePercent: 5 }),
        }),
        column('colour', {
          logicalType: 'string',
          logicalTypeOptions: { minLength: 2, maxLength: 9 },
          enum: [{ value: 'red' }, { value: 'blue' }],
          customProperties: ours({ standardise: ['trim'] }),
        }),
        column('code', { logicalType: 'string', logicalTypeOptions: { pattern: '^[A-Z]+$' }, unique: true }),
        column('sold_at', { logicalType: 'timestamp', logicalTypeOptions: { timezone: true } }),
        column('buyer', {
          logicalType: 'string',
          classification: 'confidential',
          tags: ['pii'],
          customProperties: ours({ masking: { method: 'tokenise', from: 'bronze', unmaskRole: 'privacy-officer' } }),
        }),
        column('parts', {
          logicalType: 'array',
          items: {
            logicalType: 'object',
            properties: [
              column('part_no', { logicalType: 'string', required: true }),
              column('weight_grams', { logicalType: 'integer', physicalType: 'int' }),
            ],
          },
        }),
        column('maker', {
          logicalType: 'object',
          properties: [column('country', { logicalType: 'string' }), column('city', { logicalType: 'string' })],
        }),
      ],
      relationships: [{ type: 'foreignKey', from: 'sales.code', to: 'codes.code' }],
      quality: [
        { id: 'enough', name: 'enough', metric: 'rowCount', mustBeGreaterThan: 10 },
        {
          id: 'known_code',
          name: 'known_code',
          metric: 'duplicateValues',
          arguments: { properties: ['sale_id', 'line_no'] },
          mustBe: 0,
        },
      ],
      customProperties: ours({
        pipeline: { layer: 'silver', inputs: [{ table: 'toys.bronze.visits' }], write: { mode: 'merge' } },
      }),
    },
  ],
  slaProperties: [
    {
      property: 'freshness',
      value: 60,
      unit: 'minutes',
      customProperties: ours({ slo: { objective: 99, windowDays: 28, alert: 'burnRate' } }),
    },
    { property: 'retention', value: 'P2Y' },
    { property: 'timeOfAvailability', value: '03:00' },
    { property: 'availability', value: 99, unit: 'percent' },
  ],
  roles: [
    {
      role: 'reader',
      access: 'read',
      customProperties: ours({ rowFilter: "colour = 'red'", purpose: 'to count', expires: '2027-01-01' }),
    },
    { role: 'owner', access: 'write' },
  ],
  team: { members: [{ username: 'someone', role: 'owner' }] },
  support: [{ channel: 'help', scope: 'issues' }],
};

export const columnOf = (raw: Raw, name: string): Raw =>
  raw.schema[0].properties.find((each: Raw) => each.name === name);

/** The value of one of our own properties, to be changed in place. */
export const oursOf = (part: Raw, property: string): Raw =>
  part.customProperties.find((each: Raw) => each.property === property).value;

export const read = (raw: Raw) => readOdcs('toys.odcs.yaml', stringify(raw));

export const compare = (was: Raw, is: Raw): Change[] => compareContracts(read(was), read(is));

export const kindsAt = (changes: readonly Change[]): [ChangeKind, string][] =>
  changes.map(({ kind, path }): [ChangeKind, string] => [kind, path]);
