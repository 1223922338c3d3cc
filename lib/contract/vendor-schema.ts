import * as z from 'zod';
import { VENDOR, VENDOR_PROPERTIES } from './vendor-properties.ts';

type Schema = Readonly<Record<string, unknown>>;
type Owner = keyof typeof VENDOR_PROPERTIES;

/**
 * The JSON Schema of all custom properties of ours, each where it may stand in a contract. It is meant beside the
 * standard's own, which judges everything else: a draft that editors know, and silent on what is not ours.
 */
export const vendorSchema = (): Schema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: `Custom properties of vendor ${VENDOR} in the Open Data Contract Standard`,
  type: 'object',
  properties: {
    schema: list({
      ...withProperties('table'),
      properties: list({ $ref: '#/definitions/column' }),
      quality: list({ $ref: '#/definitions/rule' }),
      relationships: list({ $ref: '#/definitions/relationship' }),
    }),
    slaProperties: list(withProperties('sla')),
    roles: list(withProperties('role')),
  },
  definitions: {
    column: {
      type: 'object',
      properties: {
        ...withProperties('column'),
        quality: list({ $ref: '#/definitions/rule' }),
        relationships: list({ $ref: '#/definitions/relationship' }),
        items: { $ref: '#/definitions/column' },
        properties: { type: 'array', items: { $ref: '#/definitions/column' } },
      },
    },
    rule: { type: 'object', properties: withProperties('rule') },
    relationship: { type: 'object', properties: withProperties('relationship') },
  },
});

/** A list of maps with these keys, or of what a reference says. */
const list = (of: Schema): Schema => ({
  type: 'array',
  items: '$ref' in of ? of : { type: 'object', properties: of },
});

/** An entry of ours has one of our names and the value of that name; one without a vendor is ours by its name. */
function withProperties(owner: Owner): Schema {
  const known: Readonly<Record<string, z.ZodType>> = VENDOR_PROPERTIES[owner];
  const isOurs = { properties: { vendor: { const: VENDOR } }, required: ['vendor'] };
  const hasName = (name: string) => ({ properties: { property: { const: name }, vendor: { const: VENDOR } } });
  const values = Object.entries(known).map(([name, schema]) =>
    when({ ...hasName(name), required: ['property'] }, { properties: { value: valueSchema(schema) } }),
  );
  const names = { properties: { property: { enum: Object.keys(known) } } };
  return { customProperties: { type: 'array', items: { type: 'object', allOf: [when(isOurs, names), ...values] } } };
}

// biome-ignore lint/suspicious/noThenProperty: the words are those of JSON Schema.
const when = (condition: Schema, consequence: Schema): Schema => ({ if: condition, then: consequence });

function valueSchema(schema: z.ZodType): Schema {
  const { $schema: _, ...value } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return value;
}
