import { columnOf, oursOf, type Raw } from './toys.ts';
import {
  BECAME_OPTIONAL,
  type Case,
  DROPPED,
  type Edit,
  OPTIONAL_ADDED,
  parts,
  pipeline,
  RELAXED_BREAK,
  REQUIRED_ADDED,
  TIGHTENED,
  WIDENED,
} from './verdicts-of-design.ts';

const drop =
  (name: string): Edit =>
  (raw) => {
    raw.schema[0].properties = raw.schema[0].properties.filter((each: Raw) => each.name !== name);
  };
const without =
  (name: string, option: string): Edit =>
  (raw) => {
    delete columnOf(raw, name).logicalTypeOptions[option];
  };

/** What can become of the columns, and of the values in them. */
export const COLUMN_CHANGES: readonly Case[] = [
  // drop or rename a column, narrow a type, change key, grain or unit
  ['an optional column is dropped', drop('code'), 'columns.code', DROPPED, OPTIONAL_ADDED],
  ['a required column is dropped', drop('line_no'), 'columns.line_no', DROPPED, REQUIRED_ADDED],
  [
    'a member of an array of objects is dropped',
    (raw) => parts(raw).pop(),
    'columns.parts[].weight_grams',
    DROPPED,
    OPTIONAL_ADDED,
  ],
  ['a required member is dropped', (raw) => parts(raw).shift(), 'columns.parts[].part_no', DROPPED, REQUIRED_ADDED],
  [
    'a member of an object is dropped',
    (raw) => columnOf(raw, 'maker').properties.pop(),
    'columns.maker.city',
    DROPPED,
    OPTIONAL_ADDED,
  ],
  ['a column is renamed', (raw) => (columnOf(raw, 'sold_at').name = 'sold_on'), 'columns.sold_on', DROPPED, DROPPED],
  [
    'a nested member is renamed',
    (raw) => (parts(raw)[1].name = 'weight_ounces'),
    'columns.parts[].weight_ounces',
    DROPPED,
    DROPPED,
  ],
  ['long becomes int', (raw) => (columnOf(raw, 'line_no').physicalType = 'long'), 'columns.line_no', WIDENED, DROPPED],
  [
    'a decimal gets more digits',
    (raw) => (columnOf(raw, 'price').physicalType = 'decimal(20,4)'),
    'columns.price',
    WIDENED,
    DROPPED,
  ],
  [
    'a decimal trades digits',
    (raw) => (columnOf(raw, 'price').physicalType = 'decimal(18,2)'),
    'columns.price',
    DROPPED,
    DROPPED,
  ],
  [
    'a nested number is widened',
    (raw) => (parts(raw)[1].physicalType = 'long'),
    'columns.parts[].weight_grams',
    WIDENED,
    DROPPED,
  ],
  [
    'text becomes a date',
    (raw) =>
      Object.assign(columnOf(raw, 'buyer'), {
        logicalType: 'date',
        customProperties: [],
        tags: [],
        classification: 'confidential',
      }),
    'columns.buyer',
    ['break', 'break', 'none'],
    ['break', 'break', 'none'],
  ],
  [
    'the key gets a further column',
    (raw) => Object.assign(columnOf(raw, 'line_no'), { primaryKey: true, primaryKeyPosition: 2 }),
    'primaryKey',
    DROPPED,
    DROPPED,
  ],
  [
    'a row is something else',
    (raw) => (raw.schema[0].dataGranularityDescription = 'One row per day.'),
    'dataGranularityDescription',
    DROPPED,
    DROPPED,
  ],
  ['versions of a row are kept', (raw) => (pipeline(raw).write.mode = 'scd2'), 'pipeline.write.mode', DROPPED, DROPPED],
  [
    'times lose their zone',
    (raw) => (columnOf(raw, 'sold_at').logicalTypeOptions.timezone = false),
    'columns.sold_at.timezone',
    DROPPED,
    DROPPED,
  ],
  ['the table is renamed', (raw) => (raw.schema[0].name = 'sold'), 'schema.name', DROPPED, DROPPED],
  // required, both ways
  [
    'a column becomes optional',
    (raw) => (columnOf(raw, 'line_no').required = false),
    'columns.line_no',
    BECAME_OPTIONAL,
    TIGHTENED,
  ],
  [
    'a nested member becomes optional',
    (raw) => (parts(raw)[0].required = false),
    'columns.parts[].part_no',
    BECAME_OPTIONAL,
    TIGHTENED,
  ],
  // enum, range, length, pattern
  [
    'a minimum rises',
    (raw) => (columnOf(raw, 'price').logicalTypeOptions.minimum = 1),
    'columns.price.minimum',
    TIGHTENED,
    WIDENED,
  ],
  [
    'a maximum falls',
    (raw) => (columnOf(raw, 'price').logicalTypeOptions.maximum = 999.5),
    'columns.price.maximum',
    TIGHTENED,
    WIDENED,
  ],
  ['a maximum goes', without('price', 'maximum'), 'columns.price.maximum', WIDENED, TIGHTENED],
  [
    'an enum gets a member',
    (raw) => columnOf(raw, 'colour').enum.push({ value: 'green' }),
    'columns.colour.enum',
    WIDENED,
    TIGHTENED,
  ],
  ['an enum goes', (raw) => delete columnOf(raw, 'colour').enum, 'columns.colour.enum', WIDENED, TIGHTENED],
  [
    'an enum trades members',
    (raw) => (columnOf(raw, 'colour').enum = [{ value: 'red' }, { value: 'green' }]),
    'columns.colour.enum',
    ['review', 'break', 'none'],
    ['review', 'break', 'none'],
  ],
  [
    'a shortest text grows',
    (raw) => (columnOf(raw, 'colour').logicalTypeOptions.minLength = 3),
    'columns.colour.minLength',
    TIGHTENED,
    WIDENED,
  ],
  [
    'a longest text grows',
    (raw) => (columnOf(raw, 'colour').logicalTypeOptions.maxLength = 10),
    'columns.colour.maxLength',
    WIDENED,
    TIGHTENED,
  ],
  [
    'a format is asked for',
    (raw) => (columnOf(raw, 'code').logicalTypeOptions.format = 'uuid'),
    'columns.code.format',
    TIGHTENED,
    WIDENED,
  ],
  ['a pattern goes', without('code', 'pattern'), 'columns.code.pattern', WIDENED, TIGHTENED],
  [
    'a pattern is another',
    (raw) => (columnOf(raw, 'code').logicalTypeOptions.pattern = '^[a-z]+$'),
    'columns.code.pattern',
    ['review', 'break', 'none'],
    ['review', 'break', 'none'],
  ],
  [
    'values may repeat',
    (raw) => (columnOf(raw, 'code').unique = false),
    'columns.code.unique',
    RELAXED_BREAK,
    TIGHTENED,
  ],
  [
    'text is cleaned otherwise',
    (raw) => oursOf(columnOf(raw, 'colour'), 'standardise').push('lower'),
    'columns.colour.standardise',
    WIDENED,
    WIDENED,
  ],
];
