import type { Fault } from './sample-contracts.ts';

export const FAULTS_OF_KEYS: readonly Fault[] = [
  {
    fault: 'a misspelt type',
    layer: 'silver',
    found: 'logicalType: number',
    put: 'logicalType: numbr',
    problems: [
      "silver/items.odcs.yaml:24:9: schema[0].properties[2].logicalType: found 'numbr', allowed: string, integer, number, boolean, date, timestamp, time, array, object, map, vector; did you mean 'number'?",
    ],
  },
  {
    fault: 'a type that the standard has and no column',
    layer: 'silver',
    found: 'logicalType: number',
    put: 'logicalType: map\n        map: { key: { logicalType: string }, value: { logicalType: integer } }',
    problems: [
      "silver/items.odcs.yaml:24:9: schema[0].properties[2].logicalType: found 'map', allowed: string, integer, number, boolean, date, timestamp, array, object; no gate reads maps yet; use an array of objects with a key and a value",
    ],
  },
  {
    fault: 'a misspelt key',
    layer: 'silver',
    found: 'description: { purpose',
    put: 'descriptoin: { purpose',
    problems: [
      "silver/items.odcs.yaml:6:1: descriptoin: unknown key: found 'descriptoin', allowed: apiVersion, kind, id, name, version, status, tenant, domain, dataProduct, tags, description, context, schema, servers, support, price, team, roles, slaDefaultElement, slaProperties, authoritativeDefinitions, customProperties, contractCreatedTs; did you mean 'description'?",
    ],
  },
  {
    fault: 'a key from a comma in a flow map',
    layer: 'silver',
    found: '{ purpose: Every item once. }',
    put: '{ purpose: Every item once, with tax }',
    problems: [
      "silver/items.odcs.yaml:6:42: description.with tax: unknown key: found 'with tax', allowed: purpose, usage, limitations, authoritativeDefinitions, customProperties",
    ],
  },
  {
    fault: 'a key of another vendor level',
    layer: 'silver',
    found: 'property: masking',
    put: 'property: maskng',
    problems: [
      "silver/items.odcs.yaml:38:15: schema[0].properties[3].customProperties[0].property: found 'maskng', allowed: masking, standardise, rounded, onFailure, blockAbovePercent; did you mean 'masking'?",
    ],
  },
  {
    fault: 'an unknown key of ours',
    layer: 'silver',
    found: 'method: tokenise',
    put: 'methd: tokenise',
    problems: [
      "silver/items.odcs.yaml:38:59: schema[0].properties[3].customProperties[0].value.methd: unknown key: found 'methd', allowed: method, from, unmaskRole, approvedBy, reason; did you mean 'method'?",
    ],
  },
  {
    fault: 'text where a list belongs',
    layer: 'silver',
    found: 'tags: [pii]',
    put: 'tags: pii',
    problems: ["silver/items.odcs.yaml:36:9: schema[0].properties[3].tags: found 'pii', allowed: a list"],
  },
  {
    fault: 'a unit of two meanings',
    layer: 'silver',
    found: 'unit: hours',
    put: 'unit: m',
    problems: [
      "silver/items.odcs.yaml:49:38: slaProperties[0].unit: found 'm', allowed: minute, minutes, hour, hours, day, days, week, weeks",
    ],
  },
  {
    fault: 'no owner',
    layer: 'gold',
    found: 'role: owner',
    put: 'role: reader',
    problems: ['gold/sales.odcs.yaml:27:1: team: found 0 members with role owner, allowed: 1'],
  },
  {
    fault: 'no channel for issues',
    layer: 'gold',
    found: 'scope: issues',
    put: 'scope: chat',
    problems: ['gold/sales.odcs.yaml:30:1: support: found 0 channels with scope issues, allowed: 1'],
  },
  {
    fault: 'a version that is none',
    layer: 'gold',
    found: 'version: 1.0.0',
    put: 'version: 1.0',
    problems: ['gold/sales.odcs.yaml:4:1: version: found 1, allowed: text; put it in quotes'],
  },
  {
    fault: 'another apiVersion',
    layer: 'gold',
    found: 'v3.2.0',
    put: 'v2.2.2',
    problems: ["gold/sales.odcs.yaml:1:1: apiVersion: found 'v2.2.2', allowed: v3.2.0, v3.1.0; did you mean 'v3.2.0'?"],
  },
  {
    fault: 'an id that another contract has',
    layer: 'gold',
    found: 'toys-gold-sales',
    put: 'toys-bronze-visits',
    problems: [
      "gold/sales.odcs.yaml:3:1: id: found 'toys-bronze-visits', which is the id of domains/toys/contracts/bronze/visits.odcs.yaml; allowed: an id of its own",
    ],
  },
  {
    fault: 'a key twice',
    layer: 'gold',
    found: 'domain: toys',
    put: 'domain: toys\ndomain: toys',
    problems: ["gold/sales.odcs.yaml:6:1: domain: found 'domain' a second time, allowed: once in its map"],
  },
  {
    fault: 'no YAML',
    layer: 'gold',
    found: 'domain: toys',
    put: 'domain: [toys',
    problems: [
      'gold/sales.odcs.yaml:6:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    fault: 'an empty file',
    layer: 'gold',
    found: 'apiVersion',
    put: '#',
    problems: ['gold/sales.odcs.yaml:1:1: apiVersion: missing, allowed: v3.2.0, v3.1.0'],
  },
];
