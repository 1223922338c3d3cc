import type { Check, Contract, Layer } from '../../lib/contract/contract.ts';
import { type History, historyKey, MOST_POINTS, withPoint } from '../../lib/plan/history.ts';

const DOMAIN = 'made';
const WATCHED = ['rows', 'sums', 'nulls'];

const idOf = (layer: Layer, table: number): string => `${DOMAIN}.${layer}.t${table}`;

/**
 * A domain of so many tables: a quarter in bronze, two silver tables for each of them, and a quarter in gold, each over
 * three of silver. A table has a foreign key, three rules that are judged by what earlier runs measured, and others.
 */
export function generateDomain(tables: number): Contract[] {
  const quarter = Math.floor(tables / 4);
  const silver = tables - 2 * quarter;
  return [
    ...numbers(quarter).map((table) => contractOf('bronze', table, [], [])),
    ...numbers(silver).map((table) =>
      contractOf(
        'silver',
        table,
        [idOf('bronze', table % quarter)],
        checksOf(idOf('silver', (table * 7 + 1) % silver)),
      ),
    ),
    ...numbers(quarter).map((table) =>
      contractOf(
        'gold',
        table,
        [0, 1, 2].map((step) => idOf('silver', (table * 3 + step * 11) % silver)),
        checksOf(idOf('gold', (table * 5 + 2) % quarter)),
      ),
    ),
  ];
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

const contractOf = (layer: Layer, table: number, inputs: readonly string[], checks: readonly Check[]): Contract => ({
  ...{ id: `${layer}-${table}`, version: '1.0.0', domain: DOMAIN, layer, table: `t${table}`, file: '', owner: '' },
  ...{ description: '', granularity: '', columns: [], checks, relationships: [], slas: {}, roles: [], support: [] },
  ...{ inputs: [...new Set(inputs)].map((input) => ({ table: input })), write: { mode: 'merge', keys: ['id'] } },
});

const checksOf = (references: string): Check[] => [
  ...['id', 'name', 'total', 'at'].map(
    (column): Check => ({
      ...{ id: `known_${column}`, name: column, kind: 'required', columns: [column], onFailure: 'quarantine' },
    }),
  ),
  {
    ...{ id: 'parent', name: 'parent', kind: 'foreignKey', columns: ['parent'], onFailure: 'warn' },
    references: { table: references, columns: ['id'] },
  },
  ...WATCHED.map(
    (id): Check => ({
      ...{ id, name: id, kind: 'anomaly', measure: 'rowCount', columns: [], onFailure: 'warn' },
      usual: { season: 'none', minHistory: 8, deviations: 4 },
    }),
  ),
];

/** What earlier runs measured: as many points as the ledger keeps, for each rule that is judged by them. */
export const generateHistories = (contracts: readonly Contract[], at: string): History[] =>
  contracts.flatMap(({ domain, layer, table, checks }) =>
    checks
      .filter(({ id }) => WATCHED.includes(id))
      .flatMap((check) => {
        const key = historyKey(`${domain}.${layer}.${table}`, check, at);
        return numbers(MOST_POINTS).reduce<History[]>(
          ([history], run) => [withPoint(check, key, history, { runId: `r${run}`, numbers: [1000 + (run % 7)] })],
          [],
        );
      }),
  );
