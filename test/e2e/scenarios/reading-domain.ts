import type { ProjectCopy } from '../project-copy.ts';

const ENCOUNTERS = 'domains/health/contracts/silver/encounters.odcs.yaml';

const CONTRACT = `apiVersion: v3.2.0
kind: DataContract
id: beds-gold-gold_ward_stays
name: Stays of wards
version: 1.0.0
status: active
domain: beds
description: { purpose: How many stays each ward had. }
schema:
  - id: gold_ward_stays
    name: gold_ward_stays
    physicalType: table
    logicalType: object
    dataGranularityDescription: One row per ward.
    properties:
      - id: ward
        name: ward
        description: Which ward took the patients in.
        logicalType: string
        required: true
        primaryKey: true
        classification: internal
        transformSourceObjects: [encounters.ward]
      - id: stays
        name: stays
        description: Encounters of the ward.
        logicalType: integer
        required: true
        classification: internal
    customProperties:
      - property: pipeline
        vendor: sluice
        value: { layer: gold, inputs: [{ table: health.silver.encounters }], write: { mode: merge } }
slaProperties:
  - { id: sla_fresh, property: freshness, value: 60, unit: minutes }
team:
  name: bed-planning
  members:
    - { username: beds@example.com, role: owner }
support:
  - { channel: bed-planning, tool: other, scope: issues }
`;
const MODEL = `select ward, count(*) as stays
from {{ source('health_silver', 'encounters') }}
group by ward
`;
const SCHEMA = `version: 2
models:
  - name: gold_ward_stays
    description: Encounters per ward.
`;

/** A domain that has no events of its own: its gold is made of what the hospital refines. */
export function addReader(project: ProjectCopy): void {
  project.write('domains/beds/contracts/gold/gold_ward_stays.odcs.yaml', CONTRACT);
  project.write('domains/beds/models/gold_ward_stays.sql', MODEL);
  project.write('domains/beds/models/schema.yml', SCHEMA);
}

/** What the owner of the table has to say first. */
export const shareEncounters = (project: ProjectCopy): void =>
  project.change(
    ENCOUNTERS,
    '    customProperties:\n      - property: pipeline\n',
    '    customProperties:\n      - { property: sharedWith, vendor: sluice, value: [beds] }\n      - property: pipeline\n',
  );
