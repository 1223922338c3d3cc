import type { RunItem } from '../../lambdas/shared/ledger.ts';
import { queryLocally } from '../query/local-engine.ts';
import { stepTable } from '../runs/describe-run.ts';
import { countEvents } from '../shared/accounts.ts';
import { count, indent, type Row, seconds, table } from '../shared/format.ts';
import type { Platform } from '../shared/platform.ts';
import { listTables, type TableLine } from '../status.ts';

const DOMAIN = 'commerce';
const RUNS = 20;

const DUPLICATES = 'select count(*) - count(distinct _event_id) as duplicates from commerce_bronze.orders';
const TOP_PRODUCTS = `
  select product_id, mode(description) as product, currency, sum(quantity) as units, sum(net_amount) as revenue
  from commerce_gold.gold_fact_sales
  group by product_id, currency
  order by sum(net_amount) desc
  limit 5`;

/** What came of a demo. */
export interface DemoReport {
  readonly seconds: number;
  readonly events: {
    readonly sent: number;
    readonly landed: number;
    readonly quarantined: number;
    readonly duplicates: number;
  };
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly version: number | null }>>;
  readonly topProducts: readonly Row[];
  readonly runs: readonly RunItem[];
}

/** Asks the platform what it made of the events. */
export async function readReport(platform: Platform, startedAt: number): Promise<DemoReport> {
  const [accounts, tables, runs, [counted], topProducts] = await Promise.all([
    platform.accounts(DOMAIN),
    listTables(platform, DOMAIN),
    platform.ledger.runs(DOMAIN, RUNS),
    rowsOf(DUPLICATES),
    rowsOf(TOP_PRODUCTS),
  ]);
  return {
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    events: { ...countEvents(accounts), duplicates: Number(counted?.duplicates) },
    tables: Object.fromEntries(tables.map(entryOf)),
    topProducts,
    runs,
  };
}

const rowsOf = async (sql: string): Promise<Row[]> => JSON.parse(await queryLocally(sql)) as Row[];

/** A table that nothing was written to does not exist yet. */
const entryOf = ({ table: name, rows, version }: TableLine) => [name, { rows: rows ?? 0, version }] as const;

/** The report as a person reads it. */
export function describeReport({ seconds: took, events, tables, topProducts, runs }: DemoReport): string {
  const { sent, landed, quarantined, duplicates } = events;
  return [
    `events     ${count(sent)} sent = ${count(landed)} landed + ${count(quarantined)} quarantined; ${count(duplicates)} of the landed were duplicates`,
    ...section('tables', table(Object.entries(tables).map(([name, line]) => ({ table: name, ...line })))),
    ...section('top products', table(topProducts)),
    ...runs.filter(({ steps }) => steps.length > 0).flatMap(describeSteps),
    '',
    `from nothing to gold in ${took} s`,
  ].join('\n');
}

const describeSteps = ({ runId, status, durationMs, steps }: RunItem): string[] =>
  section(`run ${runId}: ${status} in ${seconds(durationMs ?? 0)}`, stepTable(steps));

const section = (title: string, text: string): string[] => ['', title, indent(text)];
