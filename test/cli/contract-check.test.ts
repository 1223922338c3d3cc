import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeReport } from '../../cli/contract/describe-changes.ts';
import { findVersion } from '../../cli/contract/find-version.ts';
import { GitTree } from '../../cli/contract/git-tree.ts';
import { readProposal } from '../../cli/contract/read-proposal.ts';
import { reportMarkdown } from '../../cli/contract/report-markdown.ts';
import { UsageError } from '../../cli/shared/errors.ts';
import { type CheckReport, checkContracts } from '../../lib/compatibility/check-contracts.ts';
import { compareContracts } from '../../lib/compatibility/compare-contracts.ts';
import { InvalidFilesError } from '../../lib/contract/problem.ts';
import { sampleFiles } from '../lib/contract/sample-contracts.ts';

/** A project in a folder of a larger repository, with one commit on `main`. */
class Project {
  private readonly repository = mkdtempSync(path.join(tmpdir(), 'sluice-check-'));
  readonly root = path.join(this.repository, 'lake');

  constructor() {
    for (const { file, text } of sampleFiles('gold', '', '')) this.write(file, text);
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit();
  }

  write(file: string, text: string): void {
    mkdirSync(path.join(this.root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
  }

  change(file: string, from: string, to: string): void {
    const text = readFileSync(path.join(this.root, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
    this.write(file, text.replace(from, to));
  }

  move(file: string, to: string): void {
    this.git('mv', path.join(this.root, file), path.join(this.root, to));
  }

  commit(): void {
    this.git('add', '--all');
    this.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message', 'change');
  }

  git(...args: readonly string[]): void {
    execFileSync('git', args, { cwd: this.repository });
  }

  check(base = 'main'): CheckReport {
    const terms = { today: '2026-11-26', windowDays: 14 };
    return checkContracts(readProposal(this.root, GitTree.whereItLeft(this.root, base), terms));
  }

  dispose(): void {
    rmSync(this.repository, { recursive: true });
  }
}

const GOLD = 'domains/toys/contracts/gold/sales.odcs.yaml';
const DECISION = 'docs/decisions/0001-why.md';

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.dispose());

const tables = ({ contracts }: CheckReport) => contracts.map(({ table }) => table);

test('where no contract changed there is nothing to judge', () => {
  project.write('domains/toys/models/sales.sql', 'select 1');
  expect(project.check()).toEqual({ passed: true, contracts: [], problems: [], unreadable: [] });
  expect(describeReport(project.check())).toBe('no contract changed');
});

test('changes count from where the branch left, committed or not, and new files too', () => {
  project.git('checkout', '--quiet', '-b', 'branch');
  project.change(GOLD, 'description: { purpose: What was sold. }', 'description: { purpose: All that was sold. }');
  project.commit();
  project.git('checkout', '--quiet', 'main');
  project.change('domains/toys/contracts/silver/items.odcs.yaml', 'One row per item', 'One row for each item');
  project.commit();
  project.git('checkout', '--quiet', 'branch');
  expect(tables(project.check())).toEqual(['toys.gold.sales']);
  const copy = readFileSync(path.join(project.root, GOLD), 'utf8').replaceAll('sales', 'takings');
  project.write('domains/toys/contracts/gold/takings.odcs.yaml', copy);
  expect(tables(project.check())).toEqual(['toys.gold.sales', 'toys.gold.takings']);
});

test('what other vendors are told is a change, too', () => {
  project.change(GOLD, 'team:', 'customProperties: [{ property: asset, vendor: catalogue, value: 4711 }]\nteam:');
  expect(describeReport(project.check())).toContain(
    'foreign property changed: customProperties.catalogue.asset (nothing → 4711)',
  );
});

test('a rename is told as one, with the file, the version and the record that it lacks', () => {
  project.move(GOLD, GOLD.replace('sales', 'takings'));
  project.change(GOLD.replace('sales', 'takings'), 'name: sales', 'name: takings');
  const text = describeReport(project.check());
  expect(text).toContain('table renamed: schema.name (toys.gold.sales → toys.gold.takings)');
  expect(text).toContain('missing: version: found 1.0.0 → 1.0.0, allowed: 2.0.0 or later; schema.name');
  project.write(DECISION, '# 1. Why?\nContracts: toys.gold.takings@2.0.0\n');
  expect(describeReport(project.check())).not.toContain('docs/decisions');
});

test('a waiver passes a change until its day is over; one that is wrong is refused with its place', () => {
  project.change(
    GOLD,
    '        required: true\n        classification: internal\n    custom',
    '        classification: internal\n    custom',
  );
  expect(project.check().passed).toBe(false);
  const file = 'domains/toys/waivers/items-sold.yaml';
  const waiver = (until: string, change = 'becameOptional') =>
    `contract: toys.gold.sales\nchange: ${change}\npath: columns.items_sold\nwho: someone\nwhy: never read\nuntil: '${until}'\n`;
  project.write(file, waiver('2026-11-26'));
  expect(project.check()).toMatchObject({ passed: true, problems: [] });
  project.write(file, waiver('2026-11-25'));
  expect(project.check().problems).toHaveLength(1);
  project.write(file, `${waiver('2026-12-24', 'becameOptinal')}reason: none\n`);
  expect(() => project.check()).toThrow(InvalidFilesError);
  expect(() => project.check()).toThrow(
    /items-sold\.yaml:2:1: change: found 'becameOptinal'.*did you mean 'becameOptional'/s,
  );
  expect(() => project.check()).toThrow(/items-sold\.yaml:7:1: reason: unknown key/);
});

test('a table whose announced end is over fails the check, whether it is a version of another or not', () => {
  const serveUntil = (day: string) => `slaProperties:\n  - { property: endOfLife, value: '${day}' }\nteam:`;
  project.change(GOLD, 'team:', serveUntil('2026-11-26'));
  project.commit();
  expect(project.check()).toMatchObject({ passed: true, problems: [] });
  project.change(GOLD, "'2026-11-26'", "'2026-11-25'");
  project.commit();
  expect(project.check()).toEqual({
    passed: false,
    contracts: [],
    unreadable: [],
    problems: [
      'toys.gold.sales: endOfLife: found 2026-11-25, allowed: 2026-11-26 or later; take away the contract, or give its readers more time',
    ],
  });
});

test.each(['--upload-pack=x', 'no-such-branch', '-h', ''])('%j is no commit', (ref) => {
  expect(() => GitTree.at(project.root, ref)).toThrow(UsageError);
});

test('a branch without a commit in common is told so', () => {
  project.git('checkout', '--quiet', '--orphan', 'apart');
  project.write('README.md', 'apart');
  project.commit();
  expect(() => GitTree.whereItLeft(project.root, 'main')).toThrow(/no commit in common; a shallow clone/);
});

test('the past is read from a place of its own, which goes', () => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sluice-tree-'));
  const before = left();
  project.change(GOLD, 'name: items_sold', 'name: units_sold');
  const was = findVersion(project.root, 'toys.gold.sales@main');
  const changes = compareContracts(was, findVersion(project.root, 'toys.gold.sales'));
  expect(changes.map(({ path: where }) => where)).toEqual(['columns.items_sold', 'columns.units_sold']);
  expect(compareContracts(was, findVersion(project.root, path.join(project.root, GOLD)))).toEqual(changes);
  expect(left()).toEqual(before);
});

test('a variable counts as the text that it stood for at each commit', () => {
  const file = 'domains/toys/variables.yaml';
  project.write(file, 'default: { PURPOSE: What was sold. }\n');
  project.change(GOLD, 'purpose: What was sold.', `purpose: '\${PURPOSE}'`);
  expect(project.check().contracts).toEqual([]);
  project.commit();
  project.write(file, 'default: { PURPOSE: All that was sold. }\n');
  const [change] = project.check().contracts[0]!.changes;
  expect(change).toMatchObject({ kind: 'wordsChanged', path: 'description' });
  const [was, is] = ['toys.gold.sales@main', 'toys.gold.sales'].map((name) => findVersion(project.root, name));
  expect(compareContracts(was!, is!)).toEqual([change]);
});

describe('variables that cannot be read where the branch left', () => {
  const file = 'domains/toys/variables.yaml';
  beforeEach(() => {
    project.change(GOLD, 'purpose: What was sold.', `purpose: '\${PURPOSE}'`);
    project.write(file, 'default: { PURPOSE: [x] }');
    project.commit();
    project.git('checkout', '--quiet', '-b', 'branch');
    project.write(file, 'default: { PURPOSE: What was sold. }\n');
  });
  const told = expect.stringMatching(
    /^domains\/toys\/variables\.yaml:1:12 at [0-9a-f]{12}, where HEAD left 'main': default\.PURPOSE: found a list, allowed: .*; compared with the variables of today$/,
  );

  test('are told by file, commit and fault, and fail nothing', () => {
    const report = project.check();
    expect(report).toEqual({ passed: true, contracts: [], problems: [], unreadable: [told] });
    expect(describeReport(report)).toMatch(/^cannot be read: domains\/toys\/variables\.yaml:1:12 at .*found a list/);
    expect(reportMarkdown(report)).toMatch(/### Cannot be read\n\n- `domains\/toys\/variables\.yaml:1:12 at /);
  });

  test('hide no change: those of today stand in for them', () => {
    project.change(GOLD, 'name: items_sold', 'name: units_sold');
    const [{ changes = [] } = {}] = project.check().contracts;
    expect(changes.map(({ kind }) => kind)).toEqual(['columnDropped', 'requiredColumnAdded']);
  });

  test('are told by file, ref and fault where two versions are compared', () => {
    expect(() => findVersion(project.root, 'toys.gold.sales@main')).toThrow(
      /^domains\/toys\/variables\.yaml:1:12 at main: default\.PURPOSE: found a list, allowed: /,
    );
  });
});

test.each([
  ['default: { PURPOS: x }', /purpose: found 'PURPOSE', allowed: PURPOS; did you mean 'PURPOS'\?; these are the/],
  ['default: { PURPOSE: [x] }', /variables\.yaml:1:12: default\.PURPOSE: found a list, allowed: /],
])('where %s is all that is declared, a contract that needs more is refused', (text, reason) => {
  project.change(GOLD, 'purpose: What was sold.', `purpose: '\${PURPOSE}'`);
  project.write('domains/toys/variables.yaml', text);
  expect(() => project.check()).toThrow(reason);
  expect(() => findVersion(project.root, 'toys.gold.sales')).toThrow(reason);
  expect(() => findVersion(project.root, path.join(project.root, GOLD))).toThrow(reason);
});

test('in a comment nothing that stands in a contract is markup', () => {
  project.change(GOLD, 'One row per toy.', '"One | `row` <img src=x> @everyone\\n# per toy."');
  const text = reportMarkdown(project.check());
  expect(text).toContain('## Contracts may not change so yet.');
  const row = text.split('\n').find((line) => line.includes('grain changed')) ?? '';
  expect(row).toContain(
    '`` dataGranularityDescription (One row per toy. → One ¦ `row` <img src=x> @everyone # per toy.) ``',
  );
  expect(row.split('|')).toHaveLength(8);
});
