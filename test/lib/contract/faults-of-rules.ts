import type { Fault } from './sample-contracts.ts';

export const FAULTS_OF_RULES: readonly Fault[] = [
  {
    fault: 'a rule without id',
    layer: 'silver',
    found: 'id: price_known\n            name',
    put: 'name',
    problems: [
      'silver/items.odcs.yaml:28:13: schema[0].properties[2].quality[0].id: missing, allowed: an id that is unique in the file',
    ],
  },
  {
    fault: 'a rule without name',
    layer: 'silver',
    found: '            name: price_known\n',
    put: '',
    problems: [
      'silver/items.odcs.yaml:28:13: schema[0].properties[2].quality[0].name: missing, allowed: a name that is unique in the file; other tools show it',
    ],
  },
  {
    fault: 'a rule id twice',
    layer: 'silver',
    found: 'id: not_empty, name',
    put: 'id: price_known, name',
    problems: [
      "silver/items.odcs.yaml:40:11: schema[0].quality[0].id: found 'price_known' a second time, allowed: once in the file",
    ],
  },
  {
    fault: 'a rule of an engine that no runner owns',
    layer: 'silver',
    found: 'metric: rowCount,',
    put: 'type: custom, engine: soda, implementation: x,',
    problems: [
      "silver/items.odcs.yaml:40:57: schema[0].quality[0].engine: found 'soda', allowed: sluice; no runner owns another engine",
    ],
  },
  {
    fault: 'a rule in SQL without a statement',
    layer: 'silver',
    found: 'metric: rowCount,',
    put: 'type: sql,',
    problems: [
      'silver/items.odcs.yaml:40:9: schema[0].quality[0].query: missing, allowed: a SELECT that answers with one number',
    ],
  },
  {
    fault: 'a rule in SQL that reads a table that is no input',
    layer: 'silver',
    found: 'metric: rowCount,',
    put: 'type: sql, query: "SELECT count(*) FROM {object} AS i JOIN visits AS v ON i.toy = v.toy",',
    problems: [
      "silver/items.odcs.yaml:40:54: schema[0].quality[0].query: table: found 'visits', allowed: items, bronze_visits",
    ],
  },
  {
    fault: 'a comparison with a table that is no input',
    layer: 'silver',
    found: 'metric: rowCount,',
    put: 'type: custom, engine: sluice, implementation: { check: reconcile, measure: rowCount, with: { table: toys.bronze.visit } },',
    problems: [
      "silver/items.odcs.yaml:40:136: schema[0].quality[0].implementation.with.table: found 'toys.bronze.visit', allowed: toys.bronze.visits; did you mean 'toys.bronze.visits'?; these are its inputs",
    ],
  },
  {
    fault: 'a metric of the other level',
    layer: 'silver',
    found: 'metric: rowCount',
    put: 'metric: nullValues',
    problems: [
      "silver/items.odcs.yaml:40:43: schema[0].quality[0].metric: found 'nullValues', allowed: duplicateValues, rowCount",
    ],
  },
  {
    fault: 'a share of rows that go to quarantine anyway',
    layer: 'silver',
    found: 'mustBe: 0',
    put: 'mustBe: 5\n            customProperties: [{ property: onFailure, vendor: sluice, value: quarantine }]',
    problems: [
      "silver/items.odcs.yaml:33:13: schema[0].properties[2].quality[0].customProperties: onFailure: found 'quarantine', allowed: block, warn; or use mustBe: 0 and blockAbovePercent",
    ],
  },
  {
    fault: 'an operator with a text',
    layer: 'silver',
    found: 'mustBe: 0',
    put: 'mustBe: none',
    problems: [
      "silver/items.odcs.yaml:32:13: schema[0].properties[2].quality[0].mustBe: found 'none', allowed: a number",
    ],
  },
  {
    fault: 'a share above the whole',
    layer: 'silver',
    found: 'mustBe: 0',
    put: 'mustBeLessThan: 101\n            unit: percent',
    problems: [
      'silver/items.odcs.yaml:32:13: schema[0].properties[2].quality[0].mustBeLessThan: found 101, allowed: a share from 0 to 100 percent',
    ],
  },
  {
    fault: 'two operators',
    layer: 'silver',
    found: 'mustBe: 0',
    put: 'mustBe: 0\n            mustBeLessThan: 5',
    problems: [
      'silver/items.odcs.yaml:33:13: schema[0].properties[2].quality[0].mustBeLessThan: found 2 operators, allowed: one, of mustBe, mustNotBe, mustBeGreaterThan, mustBeGreaterOrEqualTo, mustBeLessThan, mustBeLessOrEqualTo, mustBeBetween, mustNotBeBetween',
    ],
  },
  {
    fault: 'an unknown argument',
    layer: 'silver',
    found: '{ missingValues: [0] }',
    put: '{ missngValues: [0] }',
    problems: [
      'silver/items.odcs.yaml:31:13: schema[0].properties[2].quality[0].arguments: found a map for missingValues, allowed: one, of missingValues',
      "silver/items.odcs.yaml:31:26: schema[0].properties[2].quality[0].arguments.missngValues: unknown key: found 'missngValues', allowed: missingValues; did you mean 'missingValues'?",
    ],
  },
  {
    fault: 'a value of another type',
    layer: 'silver',
    found: 'missingValues: [0]',
    put: 'missingValues: [none]',
    problems: [
      "silver/items.odcs.yaml:31:42: schema[0].properties[2].quality[0].arguments.missingValues[0]: found 'none', allowed: a number of at most 15 digits",
    ],
  },
  {
    fault: 'quarantine by a rule on the table',
    layer: 'silver',
    found: 'mustBeGreaterThan: 0 }',
    put: 'mustBeGreaterThan: 0, customProperties: [{ property: onFailure, vendor: sluice, value: quarantine }] }',
    problems: [
      "silver/items.odcs.yaml:40:83: schema[0].quality[0].customProperties: onFailure: found 'quarantine', allowed: block, warn; rowCount judges the whole table",
    ],
  },
  {
    fault: 'a limit without quarantine',
    layer: 'silver',
    found: '            mustBe: 0',
    put: '            mustBe: 0\n            customProperties: [{ property: blockAbovePercent, vendor: sluice, value: 5 }]',
    problems: [
      'silver/items.odcs.yaml:33:13: schema[0].properties[2].quality[0].customProperties: blockAbovePercent: allowed: on silver, beside onFailure quarantine',
    ],
  },
  {
    fault: 'a limit on a column without quarantine',
    layer: 'silver',
    found: 'logicalType: string\n        required',
    put: 'logicalType: string\n        customProperties: [{ property: blockAbovePercent, vendor: sluice, value: 5 }]\n        required',
    problems: [
      'silver/items.odcs.yaml:13:9: schema[0].properties[0].customProperties: blockAbovePercent: allowed: on silver, beside onFailure quarantine',
    ],
  },
  {
    fault: 'quarantine on gold',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: integer\n        customProperties: [{ property: onFailure, vendor: sluice, value: quarantine }]',
    problems: [
      "gold/sales.odcs.yaml:18:9: schema[0].properties[1].customProperties: onFailure: found 'quarantine', allowed: block, warn; rows of gold are not refined one by one, so none can be taken out",
    ],
  },
  {
    fault: 'a rule about values on bronze',
    layer: 'bronze',
    found: 'logicalType: string\n        required',
    put: 'logicalType: string\n        logicalTypeOptions: { minLength: 1 }\n        required',
    problems: [
      'bronze/visits.odcs.yaml:13:31: schema[0].properties[0].logicalTypeOptions.minLength: found on bronze, where only types and required are checked; state it on silver',
    ],
  },
  {
    fault: 'a rule on a nested value',
    layer: 'bronze',
    found: 'logicalType: string\n              required',
    put: 'logicalType: string\n              unique: true\n              required',
    problems: [
      'bronze/visits.odcs.yaml:30:15: schema[0].properties[2].items.properties[0].unique: not for nested values; state it on the silver column that they become',
    ],
  },
  {
    fault: 'an option of another type',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: integer\n        logicalTypeOptions: { maxLength: 3 }',
    problems: [
      "gold/sales.odcs.yaml:18:31: schema[0].properties[1].logicalTypeOptions.maxLength: found 'maxLength', allowed: minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format; no gate checks it on integer",
    ],
  },
  {
    fault: 'a bound that is no number',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: integer\n        logicalTypeOptions: { minimum: ten }',
    problems: [
      "gold/sales.odcs.yaml:18:31: schema[0].properties[1].logicalTypeOptions.minimum: found 'ten', allowed: a whole number of at most 15 digits",
    ],
  },
  {
    fault: 'a format that the standard has not',
    layer: 'gold',
    found: 'logicalType: string',
    put: 'logicalType: string\n        logicalTypeOptions: { format: emial }',
    problems: [
      "gold/sales.odcs.yaml:13:31: schema[0].properties[0].logicalTypeOptions.format: found 'emial', allowed: uuid, email, uri, hostname, ipv4, ipv6, byte, password, binary; did you mean 'email'?",
    ],
  },
  {
    fault: 'a multiple of doubles',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: number\n        physicalType: double\n        logicalTypeOptions: { multipleOf: 0.1 }',
    problems: [
      'gold/sales.odcs.yaml:19:31: schema[0].properties[1].logicalTypeOptions.multipleOf: found on double, allowed: on exact numbers; a double is a multiple of hardly anything',
    ],
  },
  {
    fault: 'a bound with more decimals than its column',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: number\n        physicalType: decimal(9,2)\n        logicalTypeOptions: { minimum: 0.005 }',
    problems: [
      'gold/sales.odcs.yaml:19:31: schema[0].properties[1].logicalTypeOptions.minimum: found 0.005, allowed: a value of decimal(9,2)',
    ],
  },
  {
    fault: 'a bad pattern',
    layer: 'gold',
    found: 'logicalType: string',
    put: 'logicalType: string\n        logicalTypeOptions: { pattern: "(" }',
    problems: [
      "gold/sales.odcs.yaml:13:31: schema[0].properties[0].logicalTypeOptions.pattern: found '(', allowed: a regular expression",
    ],
  },
];
