import { DuckDBInstance } from '@duckdb/node-api';
import { closeEntries } from '../../cli/quarantine/close-entries.ts';
import { describeEvent, describeList, describeResults } from '../../cli/quarantine/describe-entries.ts';
import { Quarantine } from '../../cli/quarantine/entries.ts';
import { scopeOf } from '../../cli/quarantine/open-quarantine.ts';
import { type Outcome, partsOf } from '../../cli/quarantine/replay-function.ts';
import { dialectOf, type Query } from '../../cli/query/run-query.ts';
import type { ReplayRequest } from '../../lambdas/replay-records/request.ts';
import type { Contract } from '../../lib/contract/contract.ts';
import { entryId, type Status } from '../../lib/landing/quarantine-row.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64)) as [string, string, string, string];
const HOUR = 3_600_000;
const NOON = Date.UTC(2011, 0, 4, 12);

const COLUMNS = `quarantine_id varchar, entry_id varchar, status varchar, domain varchar, "table" varchar, gate varchar,
  reasons varchar[], rules varchar[], contract_version varchar, event_id varchar, payload varchar, sealed varchar,
  source varchar, run_id varchar, attempts int, first_seen timestamptz, changed_at timestamptz, note varchar,
  _shard varchar, _sequence varchar, _ingest_date date`;

/** A quarantine in DuckDB, which judges the statements. */
async function quarantineOf(): Promise<{
  quarantine: Quarantine;
  query: Query;
  asked: string[];
  add: typeof addEntry;
}> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(
    `set TimeZone = 'UTC'; create schema commerce_ops; create table commerce_ops.quarantine (${COLUMNS})`,
  );
  const asked: string[] = [];
  const query: Query = async (sql) => {
    asked.push(sql);
    const rows = (await connection.runAndReadAll(sql)).getRowObjects();
    return JSON.parse(JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)));
  };
  async function addEntry(id: string, attempts: number, status: Status, change: Record<string, string> = {}) {
    const { table = 'commerce.bronze.orders', gate = 'G0', rule = 'g0.type', at = String(NOON), payload = '' } = change;
    await connection.run(`insert into commerce_ops.quarantine by name select '${id}' quarantine_id,
      '${entryId(id, attempts, status)}' entry_id, '${status}' status, ${table ? `'${table}'` : 'null'} "table", '${gate}' gate,
      ['it is broken', 'and that too'] reasons, ['${rule}'] rules, '1.0.0' contract_version, 'e1' event_id,
      '/commerce/shop' as source, ${attempts} attempts, epoch_ms(${at}) as first_seen, epoch_ms(${at} + ${attempts}) as changed_at,
      ${status === 'open' ? `'{"masked": true}${payload}'` : 'null'} payload, ${status === 'open' ? "'v1.x'" : 'null'} sealed,
      ${status === 'discarded' ? "'a test'" : 'null'} note, 'shard-0' _shard, '7.000000' _sequence, date '2011-01-04' _ingest_date`);
  }
  return { quarantine: new Quarantine('commerce', query, dialectOf('local')), query, asked, add: addEntry };
}
declare function addEntry(id: string, attempts: number, status: Status, change?: Record<string, string>): Promise<void>;

const idsOf = (entries: readonly { quarantine_id: string }[]) => entries.map((entry) => entry.quarantine_id);

test('an event stands where its latest entry says, and what closed it holds against an entry of the same attempt', async () => {
  const { quarantine, add } = await quarantineOf();
  await add(A, 1, 'open');
  await add(A, 2, 'open');
  await add(B, 2, 'replayed', { at: String(NOON + 1) });
  await add(B, 1, 'open', { at: String(NOON + 1) });
  await add(C, 2, 'open', { at: String(NOON + 2) });
  await add(C, 2, 'replayed', { at: String(NOON + 2) });
  await add(D, 2, 'discarded', { at: String(NOON + 3) });
  const entries = await quarantine.list({});
  expect(entries.map((entry) => [entry.quarantine_id, entry.status, entry.attempts])).toEqual([
    [A, 'open', 2],
    [B, 'replayed', 2],
    [C, 'replayed', 2],
    [D, 'discarded', 2],
  ]);
  expect(entries[0]).toMatchObject({
    reasons: ['it is broken', 'and that too'],
    rules: ['g0.type'],
    first_seen: NOON * 1000,
    changed_at: (NOON + 2) * 1000,
  });
});

test('each filter narrows the list down, oldest first', async () => {
  const { quarantine, add } = await quarantineOf();
  await add(A, 1, 'open', { at: String(NOON + HOUR) });
  await add(B, 1, 'open', { gate: 'G1', table: 'commerce.silver.orders', rule: 'quantity' });
  await add(C, 1, 'open', { table: '', rule: 'g0.contract', at: String(NOON + 2 * HOUR) });
  await add(C, 2, 'replayed', { table: '', rule: 'g0.contract', at: String(NOON + 2 * HOUR) });
  const found = async (filter: Parameters<Quarantine['list']>[0]) => idsOf(await quarantine.list(filter));
  expect(await found({})).toEqual([B, A, C]);
  expect(await found({ limit: 1 })).toEqual([B]);
  expect(await found({ table: 'commerce.silver.orders' })).toEqual([B]);
  expect(await found({ gate: 'G0' })).toEqual([A, C]);
  expect(await found({ rule: 'g0.contract' })).toEqual([C]);
  expect(await found({ since: NOON + HOUR })).toEqual([A, C]);
  expect(await found({ status: 'open' })).toEqual([B, A]);
  expect(await found({ ids: ['aaaaaa', C] })).toEqual([A, C]);
});

test.each(["x' or '1' = '1", "'; drop table commerce_ops.quarantine; --", '\\', "''", '"'])(
  'a filter of %j is text and nothing more',
  async (text) => {
    const { quarantine, add } = await quarantineOf();
    await add(A, 1, 'open');
    expect(await quarantine.list({ table: text, rule: text })).toEqual([]);
    expect(await quarantine.list({ rule: text })).toEqual([]);
    await add(B, 1, 'open', { table: text.replaceAll("'", "''") });
    expect(idsOf(await quarantine.list({ table: text }))).toEqual([B]);
  },
);

test('a list asks for no column that holds what came; a replay asks for the sealed one', async () => {
  const { quarantine, asked } = await quarantineOf();
  await quarantine.list({});
  await quarantine.unsealed({});
  expect(asked.map((sql) => /^select (.*?) from/.exec(sql)?.[1]).join()).not.toMatch(/payload|sealed|\*/);
  await quarantine.sealed({});
  expect(asked.at(-1)).toMatch(/^select .*, sealed, .* from/);
});

test('the first characters of an id will do, as long as they mean one event', async () => {
  const { quarantine, add } = await quarantineOf();
  await add(A, 1, 'open');
  await add(`${'a'.repeat(10)}${'b'.repeat(54)}`, 1, 'open');
  expect(await quarantine.resolve(['aaaaaaaaaaaa'])).toEqual([A]);
  await expect(quarantine.resolve(['aaaaaa'])).rejects.toThrow("2 ids start with 'aaaaaa'; give more characters");
  await expect(quarantine.resolve(['cccccc'])).rejects.toThrow(/no.*'commerce' has an id that starts with 'cccccc'/);
});

const startRun = (): Promise<never> => Promise.reject(new Error('a run was started'));

test('rows that a run refused are judged by a run, which tells how they fared', async () => {
  const { quarantine, add } = await quarantineOf();
  for (const id of [A, B]) await add(id, 1, 'open', { gate: 'G1' });
  const close = async (): Promise<Outcome[]> => [A, B].map((quarantineId) => ({ quarantineId, type: 'Scheduled' }));
  let runs = 0;
  const run = async (): Promise<void> => {
    runs++;
    setTimeout(() => void add(A, 2, 'replayed').then(() => add(B, 2, 'open')), 50);
  };
  const how = { type: 'Replay', at: '2011-01-05T10:00:00Z' } as const;
  const wait = { tell: () => undefined, timeoutSeconds: 5 };
  const closer = { quarantine, replay: { close }, startRun: run };
  expect(await closeEntries(closer, await quarantine.sealed({}), how, wait)).toEqual([
    { quarantineId: A, type: 'Replayed' },
    { quarantineId: B, type: 'RefusedAgain' },
  ]);
  expect(runs).toBe(1);
});

test('events are closed in parts, those closed before stay, and the command waits until all is committed', async () => {
  const { quarantine, add } = await quarantineOf();
  for (const id of [A, B, C]) await add(id, 1, 'open');
  await add(C, 2, 'discarded');
  const requests: ReplayRequest[] = [];
  const close = async (request: Extract<ReplayRequest, { type: 'Replay' | 'Discard' }>): Promise<Outcome[]> => {
    requests.push(request);
    setTimeout(() => void add(A, 2, 'replayed').then(() => add(B, 2, 'open')), 50);
    return [
      { quarantineId: A, type: 'Replayed' },
      { quarantineId: B, type: 'RefusedAgain' },
    ];
  };
  const told: string[] = [];
  const wait = { tell: (text: string) => void told.push(text), timeoutSeconds: 5 };
  const at = '2011-01-05T10:00:00Z';
  const results = await closeEntries(
    { quarantine, replay: { close }, startRun },
    await quarantine.sealed({}),
    { type: 'Replay', at },
    wait,
  );
  expect(requests).toEqual([
    {
      type: 'Replay',
      at,
      entries: [A, B].map((quarantine_id) => expect.objectContaining({ quarantine_id, sealed: 'v1.x' })),
    },
  ]);
  expect(results.map(({ type }) => type)).toEqual(['ClosedBefore', 'Replayed', 'RefusedAgain']);
  expect(told.at(-1)).toBe('2 of 2 committed');
  expect(describeResults(results)).toBe('1 landed, 1 refused again, 1 closed before');
});

test('what is not committed in time is a failure that says where to look', async () => {
  const { quarantine, add } = await quarantineOf();
  await add(A, 1, 'open');
  const close = async (): Promise<Outcome[]> => [{ quarantineId: A, type: 'Discarded' }];
  const how = { type: 'Discard', at: '2011-01-05T10:00:00Z', reason: 'a test' } as const;
  const wait = { tell: () => undefined, timeoutSeconds: 0.01 };
  await expect(
    closeEntries({ quarantine, replay: { close }, startRun }, await quarantine.unsealed({}), how, wait),
  ).rejects.toThrow(/^1 event not committed after 0.01 s; see `sluice status` and `sluice dlq list`/);
});

test('a request holds no more than Lambda takes', () => {
  const entries = Array.from({ length: 1200 }, (_, id) => ({
    id,
    sealed: 'x'.repeat(id % 100 === 0 ? 1_000_000 : 10),
  }));
  const parts = partsOf(entries);
  expect(parts.flat()).toEqual(entries);
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(500);
    expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(3_100_000);
  }
  expect(partsOf([])).toEqual([]);
});

test('an event is shown with all that was said of it, masked', async () => {
  const { quarantine, add } = await quarantineOf();
  await add(A, 1, 'open');
  await add(A, 2, 'discarded');
  const history = await quarantine.history(A);
  expect(describeEvent(history, ['masked', '{"masked": true}'])).toBe(
    [
      `${A}: discarded, 2 attempts, first seen 2011-01-04 12:00:00`,
      '  table   commerce.bronze.orders',
      '  event   e1',
      '  source  /commerce/shop',
      '  place   shard-0 7.000000',
      '  note    a test',
      '2011-01-04 12:00:00  discarded',
      '2011-01-04 12:00:00  refused by G0, version 1.0.0',
      '  - it is broken',
      '  - and that too',
      'masked: {"masked": true}',
    ].join('\n'),
  );
});

test('a list shows one line an event, with the domain of what names no table', async () => {
  const { quarantine, add } = await quarantineOf();
  await add(A, 1, 'open');
  await add(B, 1, 'open', { table: '' });
  const entries = (await quarantine.list({})).map((entry) => ({ domain: 'commerce', ...entry }));
  expect(describeList(entries)).toBe(
    [
      'id            first seen           status  attempts  gate  table                   reasons',
      '------------  -------------------  ------  --------  ----  ----------------------  -------------------------',
      'aaaaaaaaaaaa  2011-01-04 12:00:00  open           1  G0    commerce.bronze.orders  it is broken (and 1 more)',
      'bbbbbbbbbbbb  2011-01-04 12:00:00  open           1  G0    commerce.unknown        it is broken (and 1 more)',
      '2 events',
    ].join('\n'),
  );
  expect(describeList([])).toBe('nothing');
});

describe('of several domains', () => {
  const contract = (domain: string, layer: string, table: string) => ({ domain, layer, table }) as Contract;
  const platform = {
    domains: ['commerce', 'health'],
    contracts: [
      contract('commerce', 'bronze', 'orders'),
      contract('commerce', 'silver', 'orders'),
      contract('health', 'bronze', 'patients'),
    ],
  };

  test.each([
    [{}, { domains: ['commerce', 'health'] }],
    [{ domain: 'health' }, { domains: ['health'] }],
    [{ table: 'patients' }, { domains: ['health'], table: 'health.bronze.patients' }],
    [{ table: 'commerce_silver.orders' }, { domains: ['commerce'], table: 'commerce.silver.orders' }],
  ])('%j means %j', (named, expected) => {
    expect(scopeOf(platform, named)).toEqual(expected);
  });

  test.each([
    [{ table: 'orders' }, "'orders' is commerce.bronze.orders and commerce.silver.orders; say which"],
    [{ domain: 'health', table: 'orders' }, "table 'orders' is unknown; there are health.bronze.patients"],
  ])('%j is refused', (named, reason) => {
    expect(() => scopeOf(platform, named)).toThrow(reason);
  });
});
