interface GeneratedFile {
  readonly file: string;
  readonly text: string;
}

const LAYERS = ['bronze', 'silver', 'gold'] as const;
type Layer = (typeof LAYERS)[number];

/** So many contracts without faults, in domains of 30 tables: ten of each layer, each fed by the one below. */
export const generateContracts = (count: number, columns: number): GeneratedFile[] =>
  Array.from({ length: count }, (_, index) => {
    const layer = LAYERS[Math.floor(index / 10) % 3] ?? 'bronze';
    return contractOf(`made${Math.floor(index / 30)}`, layer, `t${index % 10}`, columns);
  });

function contractOf(domain: string, layer: Layer, table: string, columns: number): GeneratedFile {
  const text = `apiVersion: v3.2.0
kind: DataContract
id: ${domain}-${layer}-${table}
version: 1.0.0
status: active
domain: ${domain}
description: { purpose: Made up to be linted. }
schema:
  - id: ${table}
    name: ${table}
    dataGranularityDescription: One row per thing.
    properties:
      - { id: thing_id, name: thing_id, logicalType: string, required: true, primaryKey: true, classification: internal }
      - id: email
        name: email
        logicalType: string
        classification: restricted
        tags: [pii, pii.email]
        customProperties:
          - { property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }
${Array.from({ length: columns - 2 }, (_, index) => columnOf(index, layer)).join('')}    customProperties:
      - property: pipeline
        vendor: sluice
        value: ${pipelineOf(domain, layer, table)}
slaProperties:
  - { id: sla_fresh, property: freshness, value: 4, unit: hours }
team: { members: [{ username: owner@example.com, role: owner }] }
support: [{ channel: help, scope: issues }]
`;
  return { file: `domains/${domain}/contracts/${layer}/${table}.odcs.yaml`, text };
}

const columnOf = (index: number, layer: Layer): string => `      - id: c${index}
        name: c${index}
        description: Value ${index} of the thing.
        logicalType: number
        physicalType: decimal(18,4)
        classification: internal
${layer === 'bronze' || index > 5 ? '' : ruleOf(index)}`;

const ruleOf = (index: number): string => `        logicalTypeOptions: { minimum: 0 }
        quality:
          - { id: known_${index}, name: known_${index}, metric: nullValues, mustBe: 0, severity: warning }
`;

function pipelineOf(domain: string, layer: Layer, table: string): string {
  if (layer === 'bronze') {
    const ingest = `{ from: stream, event: ${domain}.${table}.v1, key: thing_id }`;
    return `{ layer: bronze, ingest: ${ingest}, write: { mode: append } }`;
  }
  const below = layer === 'silver' ? 'bronze' : 'silver';
  return `{ layer: ${layer}, inputs: [{ table: ${domain}.${below}.${table} }], write: { mode: merge } }`;
}
