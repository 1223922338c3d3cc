/** A small domain that is right in every respect, for tests to break in one. */
export const BRONZE = `apiVersion: v3.2.0
kind: DataContract
id: toys-bronze-visits
version: 2.1.0
domain: toys
description: { purpose: Every visit as it was sent. }
schema:
  - name: visits
    dataGranularityDescription: One row per visit.
    properties:
      - name: visit_id
        logicalType: string
        required: true
        primaryKey: true
        classification: internal
      - name: email
        logicalType: string
        classification: restricted
        tags: [pii, pii.email]
        customProperties:
          - { property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }
      - name: items
        logicalType: array
        classification: internal
        items:
          logicalType: object
          properties:
            - name: toy
              logicalType: string
              required: true
              classification: internal
            - name: price
              logicalType: number
              physicalType: decimal(9,2)
              classification: internal
    customProperties:
      - property: pipeline
        vendor: sluice
        value:
          layer: bronze
          ingest: { from: stream, event: toys.visits.v2, key: visit_id }
          write: { mode: append }
team:
  members:
    - { username: someone, role: owner }
support:
  - { channel: help, scope: issues }
`;

export const SILVER = `apiVersion: v3.2.0
kind: DataContract
id: toys-silver-items
version: 1.0.0
domain: toys
description: { purpose: Every item once. }
schema:
  - name: items
    dataGranularityDescription: One row per item of a visit.
    properties:
      - name: visit_id
        logicalType: string
        required: true
        primaryKey: true
        primaryKeyPosition: 1
        classification: internal
      - name: toy
        logicalType: string
        required: true
        primaryKey: true
        primaryKeyPosition: 2
        classification: internal
      - name: price
        logicalType: number
        physicalType: decimal(9,2)
        classification: internal
        quality:
          - id: price_known
            name: price_known
            metric: missingValues
            arguments: { missingValues: [0] }
            mustBe: 0
      - name: email
        logicalType: string
        classification: restricted
        tags: [pii]
        customProperties:
          - { property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }
    quality:
      - { id: not_empty, name: not_empty, metric: rowCount, mustBeGreaterThan: 0 }
    customProperties:
      - property: pipeline
        vendor: sluice
        value:
          layer: silver
          inputs: [{ table: toys.bronze.visits, explode: items }]
          write: { mode: merge }
slaProperties:
  - { property: freshness, value: 2, unit: hours }
team:
  members:
    - { username: someone, role: owner }
support:
  - { channel: help, scope: issues }
`;

export const GOLD = `apiVersion: v3.2.0
kind: DataContract
id: toys-gold-sales
version: 1.0.0
domain: toys
description: { purpose: What was sold. }
schema:
  - name: sales
    dataGranularityDescription: One row per toy.
    properties:
      - name: toy
        logicalType: string
        required: true
        primaryKey: true
        classification: internal
      - name: items_sold
        logicalType: integer
        required: true
        classification: internal
    customProperties:
      - property: pipeline
        vendor: sluice
        value:
          layer: gold
          inputs: [{ table: toys.silver.items }]
          write: { mode: merge }
team:
  members:
    - { username: someone, role: owner }
support:
  - { channel: help, scope: issues }
`;

const FILES = {
  bronze: { file: 'domains/toys/contracts/bronze/visits.odcs.yaml', table: 'visits', text: BRONZE },
  silver: { file: 'domains/toys/contracts/silver/items.odcs.yaml', table: 'items', text: SILVER },
  gold: { file: 'domains/toys/contracts/gold/sales.odcs.yaml', table: 'sales', text: GOLD },
} as const;
export type SampleLayer = keyof typeof FILES;

/** A way to break the sample, and all that a user is told of it. */
export interface Fault {
  readonly fault: string;
  readonly layer: SampleLayer;
  /** The text of the file, and what stands in its place. */
  readonly found: string;
  readonly put: string;
  readonly problems: readonly string[];
}

/** The domain with one text of one file exchanged for another. */
export function sampleFiles(layer: SampleLayer, found: string, put: string): { file: string; text: string }[] {
  if (!FILES[layer].text.includes(found)) throw new Error(`the sample has no '${found}'; the test would test nothing`);
  return Object.entries(FILES).map(([name, { file, text }]) => ({
    file,
    text: name === layer ? text.replace(found, () => put) : text,
  }));
}
