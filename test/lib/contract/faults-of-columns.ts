import type { Fault } from './sample-contracts.ts';

export const FAULTS_OF_COLUMNS: readonly Fault[] = [
  {
    fault: 'an unknown masking',
    layer: 'silver',
    found: 'method: tokenise',
    put: 'method: tokenize',
    problems: [
      "silver/items.odcs.yaml:38:59: schema[0].properties[3].customProperties[0].value.method: found 'tokenize', allowed: none, tokenise, hash, redact, generalise, noise, encrypt; did you mean 'tokenise'?",
    ],
  },
  {
    fault: 'a masking that nobody does',
    layer: 'gold',
    found: 'classification: internal\n      - name: items_sold',
    put: 'classification: internal\n        customProperties: [{ property: masking, vendor: sluice, value: { method: hash, from: gold } }]\n      - name: items_sold',
    problems: [
      "gold/sales.odcs.yaml:16:9: schema[0].properties[0].customProperties: masking.method: found 'hash', allowed: none, tokenise; who hashes all e-mail addresses finds each again; a token needs the key",
      "gold/sales.odcs.yaml:16:9: schema[0].properties[0].customProperties: masking.from: found 'gold', allowed: bronze; no runner masks later yet",
    ],
  },
  {
    fault: 'a text that is rounded, on silver',
    layer: 'silver',
    found: 'method: tokenise, from: bronze } }',
    put: 'method: tokenise, from: bronze } }\n          - { property: rounded, vendor: sluice, value: 10 }',
    problems: [
      'silver/items.odcs.yaml:37:9: schema[0].properties[3].customProperties: rounded: found on silver, allowed: on gold',
      'silver/items.odcs.yaml:37:9: schema[0].properties[3].customProperties: rounded: found on string, allowed: on integer and number',
    ],
  },
  {
    fault: 'groups of people that nothing counts',
    layer: 'gold',
    found: '    customProperties:\n      - property: pipeline',
    put: '    customProperties:\n      - { property: groups, vendor: sluice, value: { persons: item_sold, atLeast: 10, merged: day } }\n      - property: pipeline',
    problems: [
      "gold/sales.odcs.yaml:20:5: schema[0].customProperties: groups.persons: found 'item_sold', allowed: items_sold; did you mean 'items_sold'?; a count is a required integer",
      "gold/sales.odcs.yaml:20:5: schema[0].customProperties: groups.merged: found 'day', allowed: items_sold; a count is a required integer",
    ],
  },
  {
    fault: 'groups of one',
    layer: 'gold',
    found: '    customProperties:\n      - property: pipeline',
    put: '    customProperties:\n      - { property: groups, vendor: sluice, value: { persons: items_sold, atLeast: 1 } }\n      - property: pipeline',
    problems: ['gold/sales.odcs.yaml:21:75: schema[0].customProperties[0].value.atLeast: found 1, allowed: at least 2'],
  },
  {
    fault: 'a token of a number',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: integer\n        customProperties: [{ property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }]',
    problems: [
      "gold/sales.odcs.yaml:18:9: schema[0].properties[1].customProperties: masking: found 'tokenise' on integer, allowed: on string",
    ],
  },
  {
    fault: 'a number without its exactness',
    layer: 'silver',
    found: '        physicalType: decimal(9,2)\n',
    put: '',
    problems: [
      'silver/items.odcs.yaml:23:9: schema[0].properties[2].physicalType: missing, allowed: decimal(p,s), double; for money use decimal(18,4)',
    ],
  },
  {
    fault: 'a decimal of too many digits',
    layer: 'silver',
    found: 'decimal(9,2)',
    put: 'decimal(39,2)',
    problems: [
      "silver/items.odcs.yaml:25:9: schema[0].properties[2].physicalType: found 'decimal(39,2)', allowed: decimal(p,s) with p from 1 to 38 and s up to p",
    ],
  },
  {
    fault: 'a physical type of another type',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: integer\n        physicalType: strng',
    problems: [
      "gold/sales.odcs.yaml:18:9: schema[0].properties[1].physicalType: found 'strng', allowed: long, bigint, int, integer",
    ],
  },
  {
    fault: 'a column without classification',
    layer: 'gold',
    found: '        required: true\n        classification: internal\n    customProperties',
    put: '        required: true\n    customProperties',
    problems: [
      'gold/sales.odcs.yaml:16:9: schema[0].properties[1].classification: missing, allowed: public, internal, confidential, restricted',
    ],
  },
  {
    fault: 'an unknown classification',
    layer: 'gold',
    found: 'classification: internal',
    put: 'classification: intern',
    problems: [
      "gold/sales.odcs.yaml:15:9: schema[0].properties[0].classification: found 'intern', allowed: public, internal, confidential, restricted; did you mean 'internal'?",
    ],
  },
  {
    fault: 'personal data that is too open',
    layer: 'silver',
    found: 'classification: restricted',
    put: 'classification: internal',
    problems: [
      "silver/items.odcs.yaml:35:9: schema[0].properties[3].classification: found 'internal', allowed: confidential, restricted; the column is tagged pii",
    ],
  },
  {
    fault: 'personal data without masking',
    layer: 'bronze',
    found:
      '\n        customProperties:\n          - { property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }',
    put: '',
    problems: [
      'bronze/visits.odcs.yaml:16:9: schema[0].properties[1].customProperties: masking: missing, allowed: a masking of vendor sluice; the column is tagged pii',
    ],
  },
  {
    fault: 'unmasked personal data without approval',
    layer: 'bronze',
    found: 'method: tokenise',
    put: 'method: none',
    problems: [
      "bronze/visits.odcs.yaml:20:9: schema[0].properties[1].customProperties: masking: found 'none' on a column tagged pii, allowed: with approvedBy and reason",
    ],
  },
  {
    fault: 'a key that may be null',
    layer: 'gold',
    found: '        required: true\n        primaryKey',
    put: '        primaryKey',
    problems: [
      'gold/sales.odcs.yaml:13:9: schema[0].properties[0].primaryKey: found true on a column that may be null; set required: true',
    ],
  },
  {
    fault: 'a column twice',
    layer: 'gold',
    found: 'name: items_sold',
    put: 'name: toy',
    problems: [
      "gold/sales.odcs.yaml:16:9: schema[0].properties[1].name: found 'toy' a second time, allowed: once in the table",
    ],
  },
  {
    fault: 'a name that is no snake_case',
    layer: 'gold',
    found: 'name: items_sold',
    put: 'name: itemsSold',
    problems: [
      "gold/sales.odcs.yaml:16:9: schema[0].properties[1].name: found 'itemsSold', allowed: snake_case of a-z, 0-9 and _",
    ],
  },
  {
    fault: 'a reserved name',
    layer: 'gold',
    found: 'name: items_sold',
    put: 'name: _rows',
    problems: [
      "gold/sales.odcs.yaml:16:9: schema[0].properties[1].name: found '_rows', allowed: snake_case of a-z, 0-9 and _; a leading _ is reserved for Sluice",
    ],
  },
  {
    fault: 'cleaning outside silver',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: integer\n        customProperties: [{ property: standardise, vendor: sluice, value: [trim] }]',
    problems: [
      'gold/sales.odcs.yaml:18:9: schema[0].properties[1].customProperties: standardise: found on gold, allowed: on silver, where values are cleaned',
    ],
  },
  {
    fault: 'an unknown standardiser',
    layer: 'silver',
    found: 'logicalType: string\n        required',
    put: 'logicalType: string\n        customProperties: [{ property: standardise, vendor: sluice, value: [trimm] }]\n        required',
    problems: [
      "silver/items.odcs.yaml:13:77: schema[0].properties[0].customProperties[0].value[0]: found 'trimm', allowed: trim, lower, upper, collapse_whitespace; did you mean 'trim'?",
    ],
  },
  {
    fault: 'an array without items',
    layer: 'gold',
    found: 'logicalType: integer',
    put: 'logicalType: array',
    problems: [
      'gold/sales.odcs.yaml:16:9: schema[0].properties[1].items: missing, allowed: the logicalType of one item',
    ],
  },
];
