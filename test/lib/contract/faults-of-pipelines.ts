import type { Fault } from './sample-contracts.ts';

export const FAULTS_OF_PIPELINES: readonly Fault[] = [
  {
    fault: 'a masking that the input has',
    layer: 'silver',
    found:
      '\n        tags: [pii]\n        customProperties:\n          - { property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }',
    put: '',
    problems: [
      'silver/items.odcs.yaml:33:9: schema[0].properties[3].customProperties: masking: missing, allowed: tokenise from bronze, as in toys.bronze.visits, or stronger',
    ],
  },
  {
    fault: 'a merge without key',
    layer: 'gold',
    found: '        primaryKey: true\n',
    put: '',
    problems: [
      "gold/sales.odcs.yaml:25:20: schema[0].customProperties[0].value.write.mode: found 'merge' without a key; set primaryKey: true on the columns that identify a row",
    ],
  },
  {
    fault: 'a horizon that is no duration',
    layer: 'silver',
    found: 'write: { mode: merge }',
    put: 'lateness: 30 days\n          write: { mode: merge }',
    problems: [
      "silver/items.odcs.yaml:47:11: schema[0].customProperties[0].value.lateness: found '30 days', allowed: an ISO 8601 duration above 0, such as P30D",
    ],
  },
  {
    fault: 'a horizon of nothing',
    layer: 'silver',
    found: 'write: { mode: merge }',
    put: 'lateness: P0D\n          write: { mode: merge }',
    problems: [
      "silver/items.odcs.yaml:47:11: schema[0].customProperties[0].value.lateness: found 'P0D', allowed: an ISO 8601 duration above 0, such as P30D",
    ],
  },
  {
    fault: 'a time ahead that is none, by a word',
    layer: 'silver',
    found: 'write: { mode: merge }',
    put: 'ahead: { toy: an hour }\n          write: { mode: merge }',
    problems: [
      "silver/items.odcs.yaml:47:20: schema[0].customProperties[0].value.ahead.toy: found 'toy', allowed: no column here; a time",
      "silver/items.odcs.yaml:47:20: schema[0].customProperties[0].value.ahead.toy: found 'an hour', allowed: an ISO 8601 duration above 0, such as PT1H",
    ],
  },
  {
    fault: 'a horizon of computed rows',
    layer: 'gold',
    found: 'layer: gold',
    put: 'layer: gold\n          lateness: P30D',
    problems: [
      'gold/sales.odcs.yaml:25:11: schema[0].customProperties[0].value.lateness: found on gold, allowed: on a table of silver',
    ],
  },
  ...[
    [
      'changes of nothing',
      '{}',
      '47:11',
      'changes: found neither operation nor orderBy, allowed: one of them, or both',
    ],
    [
      'deletes of no column',
      '{ orderBy: price, deletes: [d] }',
      '47:11',
      'changes.operation: missing, allowed: the column of bronze that says what an event does',
    ],
    [
      'an operation that does nothing',
      '{ operation: email }',
      '47:22',
      'changes.operation: found without deletes and truncates, allowed: with the values of those that there are',
    ],
    [
      'a value that deletes and truncates',
      '{ operation: email, deletes: [d, x], truncates: [t, x] }',
      '47:72',
      "changes.truncates[1]: found 'x' among deletes as well, allowed: in one of them",
    ],
    [
      'an operation that bronze lacks',
      '{ operation: op, deletes: [d] }',
      '47:22',
      "changes.operation: found 'op', allowed: visit_id, email; these are the columns of toys.bronze.visits with one value",
    ],
    [
      'an order that the table lacks',
      '{ orderBy: visit }',
      '47:22',
      "changes.orderBy: found 'visit', allowed: price; a column of the table itself, of one value that has an order, outside of the key, neither masked nor standardised",
    ],
    [
      'an order within the exploded rows',
      '{ orderBy: price }',
      '47:22',
      "changes.orderBy: found 'price', allowed: visit_id, email; these are the columns of toys.bronze.visits with one value",
    ],
  ].map(
    ([fault = '', changes, place, problem]): Fault => ({
      fault,
      layer: 'silver',
      found: 'write: { mode: merge }',
      put: `changes: ${changes}\n          write: { mode: merge }`,
      problems: [`silver/items.odcs.yaml:${place}: schema[0].customProperties[0].value.${problem}`],
    }),
  ),
  {
    fault: 'changes of computed rows',
    layer: 'gold',
    found: 'layer: gold',
    put: 'layer: gold\n          changes: { operation: op, deletes: [d] }',
    problems: [
      'gold/sales.odcs.yaml:25:11: schema[0].customProperties[0].value.changes: found on gold, allowed: on a table of silver',
    ],
  },
  {
    fault: 'a table named unlike its file',
    layer: 'gold',
    found: '- name: sales',
    put: '- name: sale',
    problems: [
      "gold/sales.odcs.yaml:8:5: schema[0].name: found 'sale', allowed: sales; did you mean 'sales'?; the file is called so",
    ],
  },
  {
    fault: 'a layer unlike its folder',
    layer: 'gold',
    found: 'layer: gold',
    put: 'layer: silver',
    problems: [
      "gold/sales.odcs.yaml:24:11: schema[0].customProperties[0].value.layer: found 'silver', allowed: gold; the folder is called so",
    ],
  },
  {
    fault: 'a domain unlike its folder',
    layer: 'gold',
    found: 'domain: toys',
    put: 'domain: toy',
    problems: [
      "gold/sales.odcs.yaml:5:1: domain: found 'toy', allowed: toys; did you mean 'toys'?; the folder is called so",
    ],
  },
  {
    fault: 'an input that does not exist',
    layer: 'silver',
    found: 'toys.bronze.visits',
    put: 'toys.bronze.vists',
    problems: [
      "silver/items.odcs.yaml:46:22: schema[0].customProperties[0].value.inputs[0].table: found 'toys.bronze.vists', allowed: toys.bronze.visits, toys.gold.sales, toys.silver.items; did you mean 'toys.bronze.visits'?",
    ],
  },
  {
    fault: 'an input of the same layer',
    layer: 'gold',
    found: 'toys.silver.items',
    put: 'toys.gold.sales',
    problems: [
      'gold/sales.odcs.yaml:25:22: schema[0].customProperties[0].value.inputs[0].table: found a table of gold, allowed: of silver',
    ],
  },
  {
    fault: 'an optional input of silver',
    layer: 'silver',
    found: 'explode: items',
    put: 'explode: items, optional: true',
    problems: [
      'silver/items.odcs.yaml:46:65: schema[0].customProperties[0].value.inputs[0].optional: found on silver, allowed: on gold, of its own domain',
    ],
  },
  {
    fault: 'a merged table of gold without inputs',
    layer: 'gold',
    found: 'inputs: [{ table: toys.silver.items }]',
    put: 'inputs: []',
    problems: [
      "gold/sales.odcs.yaml:25:11: schema[0].customProperties[0].value.inputs: missing, allowed: the tables that the models read; none beside mode 'rebuild'",
    ],
  },
  {
    fault: 'an exploded column that is none',
    layer: 'silver',
    found: 'explode: items',
    put: 'explode: email',
    problems: [
      "silver/items.odcs.yaml:46:49: schema[0].customProperties[0].value.inputs[0].explode: found 'email', allowed: items",
    ],
  },
  {
    fault: 'a column that the input lacks',
    layer: 'silver',
    found: 'name: price\n        logicalType: number\n        physicalType: decimal(9,2)',
    put: 'name: pric\n        logicalType: number\n        physicalType: decimal(9,2)',
    problems: [
      "silver/items.odcs.yaml:23:9: schema[0].properties[2].name: found 'pric', allowed: toy, price, visit_id, email, items; did you mean 'price'?; these are the columns of toys.bronze.visits",
    ],
  },
  {
    fault: 'a column of a type that the input cannot become',
    layer: 'silver',
    found:
      'logicalType: number\n        physicalType: decimal(9,2)\n        classification: internal\n        quality:\n          - id: price_known\n            name: price_known\n            metric: missingValues\n            arguments: { missingValues: [0] }\n            mustBe: 0',
    put: 'logicalType: date\n        classification: internal',
    problems: [
      'silver/items.odcs.yaml:24:9: schema[0].properties[2].logicalType: found date, which decimal(9,2) of toys.bronze.visits cannot become',
    ],
  },
  {
    fault: 'two inputs on silver',
    layer: 'silver',
    found: 'inputs: [',
    put: 'inputs: [{ table: toys.bronze.visits }, ',
    problems: [
      'silver/items.odcs.yaml:46:11: schema[0].customProperties[0].value.inputs: found 2 inputs, allowed: 1 on silver',
    ],
  },
  {
    fault: 'ingest on silver',
    layer: 'silver',
    found: 'inputs: [',
    put: 'ingest: { from: stream, event: toys.items.v1, key: toy }\n          inputs: [',
    problems: [
      'silver/items.odcs.yaml:46:11: schema[0].customProperties[0].value.ingest: found on silver, allowed: on bronze only',
    ],
  },
  {
    fault: 'bronze without ingest',
    layer: 'bronze',
    found: '          ingest: { from: stream, event: toys.visits.v2, key: visit_id }\n',
    put: '',
    problems: [
      'bronze/visits.odcs.yaml:39:9: schema[0].customProperties[0].value.ingest: missing, allowed: where the events come from',
    ],
  },
  {
    fault: 'an event of another version',
    layer: 'bronze',
    found: 'toys.visits.v2',
    put: 'toys.visits.v1',
    problems: [
      "bronze/visits.odcs.yaml:41:35: schema[0].customProperties[0].value.ingest.event: found 'toys.visits.v1', allowed: toys.visits.v2; did you mean 'toys.visits.v2'?; its version is the major one of the contract",
    ],
  },
  {
    fault: 'an event key that may be null',
    layer: 'bronze',
    found: 'key: visit_id',
    put: 'key: email',
    problems: [
      "bronze/visits.odcs.yaml:41:58: schema[0].customProperties[0].value.ingest.key: found 'email', allowed: visit_id; a key is one required value",
    ],
  },
  {
    fault: 'a way in that nobody owns',
    layer: 'bronze',
    found: 'from: stream',
    put: 'from: pull',
    problems: [
      "bronze/visits.odcs.yaml:41:21: schema[0].customProperties[0].value.ingest.from: found 'pull', allowed: stream, firehose, files; no runner owns it yet",
    ],
  },
  {
    fault: 'a way of writing that nobody owns',
    layer: 'silver',
    found: 'mode: merge',
    put: 'mode: rebuild',
    problems: [
      "silver/items.odcs.yaml:47:20: schema[0].customProperties[0].value.write.mode: found 'rebuild', allowed: merge, scd2, view; no runner writes so on silver yet",
    ],
  },
  {
    fault: 'keys unlike the primary key',
    layer: 'silver',
    found: 'mode: merge',
    put: 'mode: merge, keys: [toy]',
    problems: [
      'silver/items.odcs.yaml:47:33: schema[0].customProperties[0].value.write.keys: found [toy], allowed: the primary key, [visit_id, toy]',
    ],
  },
  {
    fault: 'a missing pipeline',
    layer: 'gold',
    found: 'property: pipeline',
    put: 'property: pipelin',
    problems: [
      "gold/sales.odcs.yaml:21:9: schema[0].customProperties[0].property: found 'pipelin', allowed: pipeline, blockAbovePercent, sharedWith, groups; did you mean 'pipeline'?",
    ],
  },
];
