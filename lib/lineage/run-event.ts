/** The part of the OpenLineage specification 2-0-2 that Sluice emits. */
export interface RunEvent {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL';
  /** ISO 8601, UTC. */
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
  readonly outputFacets?: Facets;
}

export type Facets = Readonly<Record<string, Facet>>;

export interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [member: string]: unknown;
}

/** Names of schemas, as the specification demands them: nothing is ever fetched from these addresses. */
const SPEC = 'https://openlineage.io/spec';
export const SCHEMA_URL = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;
export const PRODUCER = 'urn:sluice';

/** A facet of the specification, such as `facet('SchemaDatasetFacet', {fields})`. */
export const facet = (name: string, members: Readonly<Record<string, unknown>>): Facet => ({
  _producer: PRODUCER,
  _schemaURL: `${SPEC}/facets/1-0-0/${name}.json#/$defs/${name}`,
  ...members,
});
