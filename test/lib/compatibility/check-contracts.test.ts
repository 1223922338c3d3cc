import { checkContracts } from '../../../lib/compatibility/check-contracts.ts';
import { readDecision } from '../../../lib/compatibility/decision.ts';
import type { Proposal, Versions } from '../../../lib/compatibility/proposal.ts';
import type { Waiver } from '../../../lib/compatibility/waiver.ts';
import type { Contract } from '../../../lib/contract/contract.ts';
import { columnOf, oursOf, type Raw, read, toys } from './toys.ts';

const TABLE = 'toys.silver.sales';

const proposal = (versions: Versions, rest: Partial<Proposal> = {}): Proposal => ({
  today: '2026-11-26',
  windowDays: 14,
  versions: [versions],
  unreadable: [],
  contracts: [contract(TABLE)],
  served: [],
  decisions: [],
  waivers: [],
  ...rest,
});

function contract(id: string, inputs: readonly string[] = []): Contract {
  const [domain = '', layer, table] = id.split('.');
  return {
    domain,
    layer,
    table,
    owner: `${table}-owner`,
    inputs: inputs.map((each) => ({ table: each })),
  } as unknown as Contract;
}

const change = (version: string, edit: (raw: Raw) => unknown): Versions => ({
  was: read(toys()),
  is: read(
    toys((raw) => {
      raw.version = version;
      edit(raw);
    }),
  ),
});

const problemsOf = (proposed: Proposal): readonly string[] => {
  const report = checkContracts(proposed);
  const problems = [...report.contracts.flatMap((each) => each.problems), ...report.problems];
  expect(report.passed).toBe(problems.length === 0);
  return problems;
};

const drop = (raw: Raw) => raw.schema[0].properties.splice(4, 1);
const describeColumn = (raw: Raw) => (columnOf(raw, 'code').description = 'A code.');
const addColumn = (raw: Raw) =>
  raw.schema[0].properties.push({ name: 'note', logicalType: 'string', classification: 'internal' });
const lower = (raw: Raw) => (columnOf(raw, 'code').classification = 'public');
const raiseLevel = (raw: Raw) => (columnOf(raw, 'code').classification = 'restricted');

/** Version 1 as it goes on, for a time, under another name. */
const served = (edit: (raw: Raw) => unknown = () => {}, endOfLife = '2026-12-10') =>
  read(
    toys((raw) => {
      raw.schema[0].name = 'sales_v1';
      raw.status = 'deprecated';
      oursOf(raw.schema[0], 'pipeline').versionOf = TABLE;
      raw.slaProperties.push({ property: 'endOfLife', value: endOfLife });
      edit(raw);
    }),
  );

const decision = (text: string) => readDecision('docs/decisions/0099-why.md', `# 99. Why?\n\n${text}\n\n## Decided\n`);

const waiver = (rest: Partial<Waiver> = {}): Waiver => ({
  file: 'domains/toys/waivers/code.yaml',
  contract: TABLE,
  change: 'columnDropped',
  path: 'columns.code',
  who: 'sales-owner',
  why: 'nobody ever read it',
  until: '2026-11-26',
  ...rest,
});

test('a break lacks a major version, a decision record and the old version beside the new one', () => {
  expect(problemsOf(proposal(change('1.4.2', drop)))).toEqual([
    'version: found 1.4.2 → 1.4.2, allowed: 2.0.0 or later; columns.code',
    `docs/decisions: found no record with the line 'Contracts: ${TABLE}@2.0.0'`,
    `version 1: found no contract that serves it still, allowed: one with 'versionOf: ${TABLE}'`,
  ]);
});

test('a break that has all of it passes', () => {
  const decisions = [decision(`Contracts: toys.gold.other@3.0.0, \`${TABLE}@2.0.0\``)];
  expect(problemsOf(proposal(change('2.0.0', drop), { decisions, served: [served()] }))).toEqual([]);
});

test.each([
  ['words', describeColumn, '1.4.2', '1.4.3'],
  ['a new optional column', addColumn, '1.4.3', '1.5.0'],
  ['a removed column', drop, '1.5.0', '2.0.0'],
  ['a removed column, once more', drop, '0.9.0', '2.0.0'],
])('%s: a version that is raised too little', (_, edit, version, allowed) => {
  const [problem] = problemsOf(proposal(change(version, edit)));
  expect(problem).toMatch(`version: found 1.4.2 → ${version}, allowed: ${allowed} or later`);
});

test.each([
  ['words', describeColumn, '1.4.3'],
  ['a new optional column', addColumn, '1.5.0'],
  ['a new optional column, and more than is needed', addColumn, '2.0.0'],
])('%s: a version that is raised enough', (_, edit, version) => {
  expect(problemsOf(proposal(change(version, edit)))).toEqual([]);
});

test('the window is as long as is asked for, and the last day counts', () => {
  const decisions = [decision(`Contracts: ${TABLE}@2.0.0`)];
  const upTo = (day: string) =>
    problemsOf(proposal(change('2.0.0', drop), { decisions, served: [served(() => {}, day)] }));
  expect(upTo('2026-12-10')).toEqual([]);
  expect(upTo('2026-12-09')).toEqual([
    'toys.silver.sales_v1: endOfLife: found 2026-12-09, allowed: 2026-12-10 or later, 14 days from now',
  ]);
});

test('an old version that is not what it was is none', () => {
  const decisions = [decision(`Contracts: ${TABLE}@2.0.0`)];
  expect(problemsOf(proposal(change('2.0.0', drop), { decisions, served: [served(drop)] }))).toEqual([
    'toys.silver.sales_v1: columns.code: not as version 1.4.2 has it: queries that name the column fail',
  ]);
  const another = served((raw) => (raw.version = '0.9.0'));
  expect(problemsOf(proposal(change('2.0.0', drop), { decisions, served: [another] }))).toHaveLength(1);
});

test('what breaks trust needs an approver, and neither a major version nor a window', () => {
  const name = `${TABLE}@1.5.0`;
  expect(problemsOf(proposal(change('1.5.0', lower)))).toEqual([
    `docs/decisions: found no record with the line 'Contracts: ${name}'`,
  ]);
  const [unapproved, approved] = [decision(`Contracts: ${name}`), decision(`Contracts: ${name}\nApproved by: privacy`)];
  expect(problemsOf(proposal(change('1.5.0', lower), { decisions: [unapproved] }))).toEqual([
    "docs/decisions/0099-why.md: found no line 'Approved by: …'; columns.code.classification",
  ]);
  expect(problemsOf(proposal(change('1.5.0', lower), { decisions: [approved] }))).toEqual([]);
});

test('what readers must no longer see is not served for two weeks more', () => {
  const decisions = [decision(`Contracts: ${TABLE}@2.0.0`)];
  expect(problemsOf(proposal(change('2.0.0', raiseLevel), { decisions }))).toEqual([]);
});

test('events of a new version go into a table of their own', () => {
  const bronze = (edit: (raw: Raw) => unknown) =>
    toys((raw) => {
      const ingest = { from: 'stream', event: 'toys.sales.v1', key: 'sale_id' };
      Object.assign(oursOf(raw.schema[0], 'pipeline'), {
        layer: 'bronze',
        inputs: [],
        ingest,
        write: { mode: 'append' },
      });
      edit(raw);
    });
  const required = bronze((raw) => Object.assign(columnOf(raw, 'code'), { required: true }));
  const versions = { was: read(bronze(() => {})), is: read({ ...required, version: '2.0.0' }) };
  const decisions = [decision('Contracts: toys.bronze.sales@2.0.0')];
  expect(problemsOf(proposal(versions, { decisions }))).toEqual([
    'toys.bronze.sales: leave it as it was, and add sales_v2 beside it, for events of their own',
  ]);
});

test('a table goes when its announced end is over', () => {
  const gone = (endOfLife: string): Versions => ({ was: served(() => {}, endOfLife) });
  expect(problemsOf(proposal(gone('2026-11-25')))).toEqual([]);
  expect(problemsOf(proposal(gone('2026-11-26')))).toEqual([
    'toys.silver.sales_v1 is gone: found endOfLife 2026-11-26, allowed: a day that is over; announce it and wait',
  ]);
  expect(problemsOf(proposal({ was: read(toys()) }))).toHaveLength(1);
});

test('an older version that is served after its last day fails the check until it is taken away, or has more time', () => {
  const upTo = (day: string) =>
    problemsOf(proposal(change('1.4.3', describeColumn), { served: [served(() => {}, day)] }));
  expect(upTo('2026-11-26')).toEqual([]);
  expect(upTo('2026-11-25')).toEqual([
    'toys.silver.sales_v1: endOfLife: found 2026-11-25, allowed: 2026-11-26 or later; take away the contract, or give its readers more time',
  ]);
});

test('a waiver lets one change of one contract pass, and is told', () => {
  const report = checkContracts(proposal(change('1.4.2', drop), { waivers: [waiver()] }));
  expect(report.passed).toBe(true);
  expect(report.contracts[0]?.changes[0]).toMatchObject({ kind: 'columnDropped', waivedBy: waiver().file });
  expect(report.contracts[0]?.verdicts.readers).toBe('break');
  for (const other of [{ path: 'columns.price' }, { change: 'typeNarrowed' as const }, { contract: 'toys.gold.other' }])
    expect(problemsOf(proposal(change('1.4.2', drop), { waivers: [waiver(other)] })).length).toBeGreaterThan(0);
});

test('a waiver that is over fails the check, even where nothing changed', () => {
  const versions = { is: read(toys()) };
  expect(problemsOf(proposal(versions, { waivers: [waiver({ until: '2026-11-25' })] }))).toEqual([
    'domains/toys/waivers/code.yaml: until: found 2026-11-25, allowed: 2026-11-26 or later; do what it waived, or ask for more time',
  ]);
});

test('a waiver for a table that there is not is refused', () => {
  expect(problemsOf(proposal({ is: read(toys()) }, { waivers: [waiver({ contract: 'toys.silver.sale' })] }))).toEqual([
    `domains/toys/waivers/code.yaml: contract: found 'toys.silver.sale', allowed: ${TABLE}; did you mean '${TABLE}'?`,
  ]);
});

test('whoever reads the table, near or far and in any domain, is named with the roles', () => {
  const contracts = [
    contract(TABLE),
    contract('toys.gold.revenue', [TABLE]),
    contract('finance.gold.ledger', ['toys.gold.revenue', TABLE]),
    contract('finance.gold.board', ['finance.gold.ledger']),
    contract('toys.gold.other', ['toys.silver.other']),
  ];
  const [judged] = checkContracts(proposal(change('2.0.0', drop), { contracts })).contracts;
  expect(judged?.consumers).toEqual([
    { table: 'toys.gold.revenue', owner: 'revenue-owner', distance: 1 },
    { table: 'finance.gold.ledger', owner: 'ledger-owner', distance: 1 },
    { table: 'finance.gold.board', owner: 'board-owner', distance: 2 },
  ]);
  expect(judged?.roles).toEqual(['reader', 'owner']);
});

test('a new contract needs nothing, and one that was not readable is for somebody to look at', () => {
  expect(problemsOf(proposal({ is: read(toys()) }))).toEqual([]);
  const told = 'toys.odcs.yaml:1:1: old';
  const { contracts, unreadable } = checkContracts(proposal({ is: read(toys()), unreadable: told }));
  expect(unreadable).toEqual([told]);
  expect(contracts[0]?.verdicts).toEqual({ readers: 'review', writers: 'review', trust: 'review' });
});
