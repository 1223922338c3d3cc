import type { Column, Contract, ScalarType } from '../../lib/contract/contract.ts';

/** The domain of the simulation: two streams of events, one stream of the cloud. */
export const DOMAIN = 'sim';
export const TABLES = ['sim.bronze.orders', 'sim.bronze.visits'] as const;
export const QUARANTINE = 'sim.ops.quarantine';

/**
 * What becomes of an event. Late: refused until the contract has a column more. Never: refused for good. Stopped: good
 * for bronze, refused by silver's checks. Fatal: kills the function that reads it, until that is repaired.
 */
export type Kind = 'Good' | 'Late' | 'Never' | 'Stopped' | 'Fatal';

export interface SimEvent {
  readonly id: string;
  readonly kind: Kind;
  readonly table: (typeof TABLES)[number];
  /** What silver keeps one row of. */
  readonly key: string;
  /** Microseconds since 1970; no two events have the same. */
  readonly time: bigint;
  /** As JSON. */
  readonly text: string;
}

const START = Date.UTC(2026, 0, 1);
const KINDS: readonly Kind[] = ['Good', 'Late', 'Late', 'Late', 'Never', 'Stopped', 'Stopped', 'Fatal'];

/** The event that a number describes: 0 is a good one, and other numbers have their quirks. */
export function eventOf(number: number, traits: number): SimEvent {
  const kind = (traits >> 6) % 4 === 3 ? KINDS[(traits >> 8) % KINDS.length]! : 'Good';
  const table = TABLES[traits % 2]!;
  const key = `${table}/${(traits >> 1) % 4}`;
  const millis = START + number - ((traits >> 3) % 4) * 1000;
  const id = `e${number}`;
  return { id, kind, table, key, time: BigInt(millis) * 1000n, text: textOf(id, kind, table, key, millis) };
}

function textOf(id: string, kind: Kind, table: string, key: string, millis: number): string {
  const [, , name] = table.split('.');
  const data = {
    ...(kind === 'Never' ? {} : { key }),
    amount: kind === 'Stopped' ? -1 : 1,
    ...(kind === 'Late' ? { note: 'n' } : {}),
  };
  const time = new Date(millis).toISOString();
  return JSON.stringify({ specversion: '1.0', id, source: '/sim', type: `sim.${name}.v1`, time, data });
}

const column = (name: string, type: ScalarType, required: boolean): Column => ({
  name,
  type,
  required,
  classification: 'internal',
  pii: 'none',
  standardise: [],
});

const COLUMNS = [column('key', 'string', true), column('amount', 'int', false)];

function contractOf(id: string, columns: readonly Column[], version: string): Contract {
  const [domain = '', , table = ''] = id.split('.');
  return {
    id,
    version,
    domain,
    layer: 'bronze',
    table,
    description: 'Events of the simulation.',
    granularity: 'event',
    columns,
    checks: [],
    relationships: [],
    slas: {},
    roles: [],
    owner: 'owner@example.com',
    support: [],
    ingest: { from: 'stream', event: `${domain}.${table}.v1`, key: 'key' },
    inputs: [],
    write: { mode: 'append', keys: [] },
    file: `${id}.odcs.yaml`,
  };
}

/** The contracts before the deploy that adds a column, and after it. */
export const CONTRACTS = {
  before: TABLES.map((id) => contractOf(id, COLUMNS, '1.0.0')),
  after: TABLES.map((id) => contractOf(id, [...COLUMNS, column('note', 'string', false)], '1.1.0')),
};
