import * as z from 'zod';
import { CLASSIFICATIONS, type Classification } from './contract.ts';
import { authoritativeDefinitions, context, synonyms, tags } from './odcs-common.ts';
import { qualityRule } from './odcs-quality.ts';
import { columnRelationship, tableRelationship } from './odcs-relationship.ts';
import { customProperties, foreignProperties, stableId } from './vendor-properties.ts';

/** All types of the standard; `compile-type.ts` says which of them can be stored. */
const LOGICAL_TYPES = [
  'string',
  'integer',
  'number',
  'boolean',
  'date',
  'timestamp',
  'time',
  'array',
  'object',
  'map',
  'vector',
] as const;

const bound = z.union([z.number(), z.string()]).optional();
const count = z.int().min(0).optional();

/** Options of all types; `lint-property.ts` says which belong to which. */
const logicalTypeOptions = z.strictObject({
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: z.number().gt(0).optional(),
  minLength: count,
  maxLength: count,
  pattern: z.string().optional(),
  format: z.string().optional(),
  timezone: z.boolean().optional(),
  defaultTimezone: z.string().optional(),
  minItems: count,
  maxItems: count,
  uniqueItems: z.boolean().optional(),
  minProperties: count,
  maxProperties: count,
  required: z.array(z.string()).min(1).optional(),
  dimensions: z.int().min(1).optional(),
  elementType: z.enum(['bfloat16', 'binary', 'float16', 'float32', 'float64', 'int8', 'uint8']).optional(),
  distanceMetric: z.enum(['cosine', 'dotProduct', 'euclidean', 'hamming', 'manhattan']).optional(),
  embeddingModel: z.string().optional(),
  embeddingModelVersion: z.string().optional(),
  normalized: z.boolean().optional(),
});

const enumValue = z.strictObject({
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  label: z.string().optional(),
  id: stableId.optional(),
  description: z.string().optional(),
  customProperties: foreignProperties,
  authoritativeDefinitions,
  tags,
});

const element = {
  id: stableId.optional(),
  physicalType: z.string().optional(),
  physicalName: z.string().optional(),
  description: z.string().optional(),
  businessName: z.string().optional(),
  deprecated: z.boolean().optional(),
  synonyms,
  authoritativeDefinitions,
  tags,
};

const leaf = {
  ...element,
  logicalType: z.enum(LOGICAL_TYPES),
  logicalTypeOptions: logicalTypeOptions.optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.int().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  semanticType: z.enum(['column', 'measure', 'dimension']).optional(),
  partitioned: z.boolean().optional(),
  partitionKeyPosition: z.int().optional(),
  encryptedName: z.string().optional(),
  transformSourceObjects: z.array(z.string()).optional(),
  transformLogic: z.string().optional(),
  transformDescription: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  enum: z.array(enumValue).min(1).optional(),
  criticalDataElement: z.boolean().optional(),
  relationships: z.array(columnRelationship).optional(),
  quality: z.array(qualityRule).optional(),
  customProperties: customProperties('column'),
};
type Leaf = z.output<z.ZodObject<typeof leaf>>;

/** `items` of an array: a property that needs neither a name nor a classification of its own. */
export interface Item extends Leaf {
  readonly name?: string | undefined;
  readonly classification?: string | undefined;
  readonly items?: Item | undefined;
  readonly properties?: readonly Property[] | undefined;
  readonly map?: { readonly key: Item; readonly value: Item } | undefined;
}

/** A column, or a member of a nested object. */
export interface Property extends Item {
  readonly name: string;
  readonly classification: Classification;
}

const item: z.ZodType<Item> = z.strictObject({
  ...leaf,
  name: z.string().optional(),
  classification: z.string().optional(),
  get items() {
    return item.optional();
  },
  get properties() {
    return z.array(property).optional();
  },
  get map() {
    return z.strictObject({ key: item, value: item }).optional();
  },
});

export const property: z.ZodType<Property> = z.strictObject({
  ...leaf,
  name: z.string(),
  classification: z.enum(CLASSIFICATIONS),
  get items() {
    return item.optional();
  },
  get properties() {
    return z.array(property).optional();
  },
  get map() {
    return z.strictObject({ key: item, value: item }).optional();
  },
});

/** `schema[]`: a table. */
export const table = z.strictObject({
  ...element,
  name: z.string(),
  logicalType: z.literal('object').optional(),
  dataGranularityDescription: z.string(),
  properties: z.array(property).min(1),
  relationships: z.array(tableRelationship).default([]),
  quality: z.array(qualityRule).default([]),
  context,
  customProperties: customProperties('table'),
});
export type Table = z.output<typeof table>;
