import * as z from 'zod';
import type { Status } from '../../lib/landing/quarantine-row.ts';
import { type Dialect, type Query, quoted } from '../query/run-query.ts';
import { OperationError, UsageError } from '../shared/errors.ts';
import { plural } from '../shared/format.ts';

/** What narrows a list of events in quarantine down. */
export interface Filter {
  readonly ids?: readonly string[];
  readonly table?: string;
  readonly gate?: string;
  readonly rule?: string;
  /** Refused since then: milliseconds since 1970. */
  readonly since?: number;
  readonly status?: Status;
  readonly limit?: number;
}

const list = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));

/** The latest entry of an event; times in microseconds since 1970. */
const entrySchema = z.object({
  quarantine_id: z.string(),
  status: z.enum(['open', 'replayed', 'discarded']),
  table: z.string().nullable(),
  gate: z.string(),
  reasons: list,
  rules: list,
  contract_version: z.string().nullable(),
  event_id: z.string().nullable(),
  source: z.string().nullable(),
  run_id: z.string().nullable(),
  attempts: z.number(),
  first_seen: z.number(),
  changed_at: z.number(),
  note: z.string().nullable(),
  _shard: z.string(),
  _sequence: z.string(),
  /** ISO 8601. */
  _ingest_date: z.string(),
});
export type Entry = z.output<typeof entrySchema>;

/** With what came, sealed: all that a replay needs. */
const sealedSchema = entrySchema.extend({ sealed: z.string().nullable() });
export type SealedEntry = z.output<typeof sealedSchema>;

/** With what came, masked as well. */
const wholeSchema = sealedSchema.extend({ payload: z.string().nullable() });
export type WholeEntry = z.output<typeof wholeSchema>;

const PLAIN = [
  ...['quarantine_id', 'status', '"table"', 'gate', 'contract_version', 'event_id', 'source', 'run_id', 'attempts'],
  ...['note', '_shard', '_sequence'],
];

/** Of two entries of one attempt, the one that closes it holds: what it says did happen. */
const LATEST_FIRST = `attempts desc, case status when 'replayed' then 0 when 'discarded' then 1 else 2 end`;

/** A domain's events in quarantine, read through the query engine. `list` reads no column that holds what came. */
export class Quarantine {
  constructor(
    private readonly domain: string,
    private readonly query: Query,
    private readonly dialect: Dialect,
  ) {}

  /** Where events stand, oldest first. */
  async list(filter: Filter): Promise<Entry[]> {
    return z.array(entrySchema).parse(await this.query(this.latestSql(filter, [])));
  }

  /** The same with what came, sealed. */
  async sealed(filter: Filter): Promise<SealedEntry[]> {
    return z.array(sealedSchema).parse(await this.query(this.latestSql(filter, ['sealed'])));
  }

  /** The same without: whoever only closes events need not be allowed to read what came. */
  async unsealed(filter: Filter): Promise<SealedEntry[]> {
    return (await this.list(filter)).map((entry) => ({ ...entry, sealed: null }));
  }

  /** All entries of an event, newest first. */
  async history(id: string): Promise<WholeEntry[]> {
    const sql = `select ${this.columns(['payload', 'sealed'])} from ${this.table} where quarantine_id = ${quoted(id)} order by ${LATEST_FIRST}`;
    return z.array(wholeSchema).parse(await this.query(sql));
  }

  /** How many of these entries are committed. */
  async committed(entryIds: readonly string[]): Promise<number> {
    const ids = entryIds.map(quoted).join(', ');
    const [row] = await this.query(
      `select count(distinct entry_id) as found from ${this.table} where entry_id in (${ids})`,
    );
    return Number(row?.found ?? 0);
  }

  /** Full ids for what a person typed: ids, or their first characters. */
  async resolve(typed: readonly string[]): Promise<string[]> {
    const found = await this.list({ ids: typed });
    return typed.map((start) => {
      const [match, ...more] = found.filter(({ quarantine_id }) => quarantine_id.startsWith(start));
      if (!match)
        throw new OperationError(`nothing in quarantine of '${this.domain}' has an id that starts with '${start}'`);
      if (more.length === 0) return match.quarantine_id;
      throw new UsageError(`${plural(more.length + 1, 'id')} start with '${start}'; give more characters`);
    });
  }

  private get table(): string {
    return `${this.domain}_ops.quarantine`;
  }

  private columns(more: readonly string[]): string {
    const { micros, json } = this.dialect;
    const lists = ['reasons', 'rules'].map((name) => `${json(name)} as ${name}`);
    const times = ['first_seen', 'changed_at'].map((name) => `${micros(name)} as ${name}`);
    const date = 'cast(_ingest_date as varchar) as _ingest_date';
    return [...PLAIN, ...more, ...lists, ...times, date].join(', ');
  }

  private latestSql(filter: Filter, more: readonly string[]): string {
    const nth = `row_number() over (partition by quarantine_id order by ${LATEST_FIRST})`;
    const latest = `select *, ${nth} as nth from ${this.table}`;
    const where = ['nth = 1', ...this.conditions(filter)].join(' and ');
    const limit = filter.limit === undefined ? '' : ` limit ${Math.trunc(filter.limit)}`;
    // Under names of their own: an alias must not hide the column that a condition or the order means.
    const from = `(${latest}) entries where ${where} order by entries.first_seen, quarantine_id${limit}`;
    return `select ${this.columns(more)} from ${from}`;
  }

  private conditions({ ids, table, gate, rule, since, status }: Filter): string[] {
    const starts = ids?.map((id) => `quarantine_id like ${quoted(`${id}%`)}`);
    return [
      ...(starts ? [`(${starts.join(' or ') || 'false'})`] : []),
      ...(table === undefined ? [] : [`"table" = ${quoted(table)}`]),
      ...(gate === undefined ? [] : [`gate = ${quoted(gate)}`]),
      ...(rule === undefined ? [] : [`contains(rules, ${quoted(rule)})`]),
      ...(since === undefined ? [] : [`${this.dialect.micros('first_seen')} >= ${Math.trunc(since) * 1000}`]),
      ...(status === undefined ? [] : [`status = ${quoted(status)}`]),
    ];
  }
}
