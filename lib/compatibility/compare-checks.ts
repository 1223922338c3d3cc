import { checksOf } from '../contract/compile-checks.ts';
import { type Check, ROW_CHECKS } from '../contract/contract.ts';
import { consequenceOf } from '../contract/link-relationships.ts';
import type { Property, Table } from '../contract/odcs-table.ts';
import type { Pipeline } from '../contract/vendor-properties.ts';
import { type Change, type ChangeKind, change } from './change.ts';
import { compareValues } from './compare-values.ts';
import { matchColumns } from './match-columns.ts';

type Layer = Pipeline['layer'];

/**
 * What changed of the checks of a table: the facts of its columns and its rules, however they are written.
 * Checks of columns that came or went are a part of that change, and so is whether a column is required.
 */
export function compareChecks(was: Table, is: Table, layer: Layer): Change[] {
  const { pairs, dropped, added } = matchColumns(was.properties, is.properties);
  const renamed = new Map(pairs.map((pair) => [pair.was.name, pair.is.name]));
  const before = concerning(checksOf(was, layer), dropped).map((check) => afterRename(check, renamed));
  const after = concerning(checksOf(is, layer), added);
  const matched = matchChecks(before, after);
  return [
    ...matched.gone.map((check) => change(goneKind(check), pathOf(check), describe(check))),
    ...matched.come.map((check) => change(comeKind(check), pathOf(check), undefined, describe(check))),
    ...matched.pairs.flatMap((pair) => compareCheck(pair.was, pair.is)),
    ...compareRelationships(was.relationships, is.relationships, 'relationships'),
    ...pairs.flatMap((pair) =>
      compareRelationships(pair.was.relationships, pair.is.relationships, `columns.${pair.is.name}.relationships`),
    ),
  ];
}

/** The key is compared as the key. */
function concerning(checks: readonly Check[], gone: readonly Property[]): Check[] {
  const names = gone.map(({ name }) => name);
  return checks.filter(
    ({ id, columns }) => id !== 'primary_key.unique' && !columns.some((name) => names.includes(name)),
  );
}

function afterRename(check: Check, renamed: ReadonlyMap<string, string>): Check {
  const columns = check.columns.map((name) => renamed.get(name) ?? name);
  const [from = '', to = ''] = [check.columns[0], columns[0]];
  const id = check.id.startsWith(`${from}.`) ? `${to}${check.id.slice(from.length)}` : check.id;
  return { ...check, id, columns };
}

/** The same check by its id, or else by what it asks of which columns. */
function matchChecks(was: readonly Check[], is: readonly Check[]) {
  const pairs: { was: Check; is: Check }[] = [];
  const [gone, come] = [[...was], [...is]];
  for (const same of [isSameRule, isSameQuestion]) {
    for (const check of [...gone]) {
      const other = come.find((each) => same(check, each));
      if (!other) continue;
      pairs.push({ was: check, is: other });
      gone.splice(gone.indexOf(check), 1);
      come.splice(come.indexOf(other), 1);
    }
  }
  return { pairs, gone: gone.filter(isNoNullCheck), come: come.filter(isNoNullCheck) };
}

const isSameRule = (a: Check, b: Check): boolean => a.id === b.id && isSameQuestion(a, b);
const isSameQuestion = (a: Check, b: Check): boolean => a.kind === b.kind && a.columns.join() === b.columns.join();

/** Whether a column may be null is its own business; a rule that repeats it adds nothing. */
const isNoNullCheck = ({ kind }: Check): boolean => kind !== 'required';

const judgesRows = ({ kind }: Check): boolean => ROW_CHECKS.some((known) => known === kind);
const refuses = ({ onFailure }: Pick<Check, 'onFailure'>): boolean => !['warn', 'record'].includes(onFailure);

function goneKind(check: Check): ChangeKind {
  if (check.kind === 'unique') return 'uniquenessDropped';
  return judgesRows(check) ? 'valuesWidened' : 'ruleDropped';
}

function comeKind(check: Check): ChangeKind {
  if (!refuses(check)) return 'ruleAdded';
  if (check.kind === 'unique') return 'uniquenessAdded';
  return judgesRows(check) ? 'valuesTightened' : 'ruleAdded';
}

const pathOf = ({ id, kind, columns }: Check): string =>
  columns.length > 0 ? `columns.${columns.join('+')}.${kind}` : `quality.${id}`;

function compareCheck(was: Check, is: Check): Change[] {
  const path = pathOf(is);
  const asked = askedKind(was, is);
  return [...(asked ? [change(asked, path, describe(was), describe(is))] : []), ...compareConsequence(was, is, path)];
}

/** How a check that asks the same of the same columns may ask more or less of them. */
function askedKind(was: Check, is: Check): ChangeKind | undefined {
  if (describe(was) === describe(is)) return undefined;
  const relation = compareValues(was, is);
  if (relation === 'different') return judgesRows(is) ? 'valuesReplaced' : 'ruleChanged';
  if (judgesRows(is)) return relation === 'tighter' ? 'valuesTightened' : 'valuesWidened';
  return relation === 'tighter' ? 'thresholdTightened' : 'thresholdRelaxed';
}

type Consequence = Pick<Check, 'onFailure' | 'blockAbovePercent'>;

const compareConsequence = (was: Consequence, is: Consequence, path: string): Change[] => [
  ...compareGate(was, is, `${path}.onFailure`),
  ...compareShare(was.blockAbovePercent, is.blockAbovePercent, `${path}.blockAbovePercent`),
];

const HARDEST_LAST: readonly Check['onFailure'][] = ['record', 'warn', 'quarantine', 'block'];

function compareGate(before: Consequence, after: Consequence, path: string): Change[] {
  const [was, is] = [before.onFailure, after.onFailure];
  if (was === is) return [];
  if (refuses(before) && !refuses(after)) return [change('gateOpened', path, was, is)];
  const isHarder = HARDEST_LAST.indexOf(is) > HARDEST_LAST.indexOf(was);
  return [change(isHarder ? 'gateTightened' : 'gateRelaxed', path, was, is)];
}

/** Without a limit, any share of refused rows passes. */
function compareShare(was = 100, is = 100, path: string): Change[] {
  if (was === is) return [];
  return [change(is > was ? 'thresholdRelaxed' : 'thresholdTightened', path, was, is)];
}

/** What a check asks, without its names and consequences. */
function describe({ id, name, onFailure, blockAbovePercent, columns, kind, ...question }: Check): string {
  const parts = Object.entries(question).map(
    ([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return [kind, ...parts].join(' ');
}

type Relationships = Table['relationships'] | Property['relationships'];
type Relationship = NonNullable<Relationships>[number];

/** What a value must be found in elsewhere. */
function compareRelationships(was: Relationships = [], is: Relationships = [], path: string): Change[] {
  const [before, after] = [byTarget(was), byTarget(is)];
  const gone = [...before.keys()].filter((target) => !after.has(target));
  const come = [...after.keys()].filter((target) => !before.has(target));
  const kept = [...before].flatMap(([target, relationship]) => {
    const now = after.get(target);
    return now ? compareConsequence(consequenceOf(relationship), consequenceOf(now), path) : [];
  });
  return [
    ...gone.map((target) => change('ruleDropped', path, target)),
    ...come.map((target) => change('ruleAdded', path, undefined, target)),
    ...kept,
  ];
}

const byTarget = (relationships: readonly Relationship[]): ReadonlyMap<string, Relationship> =>
  new Map(relationships.map((relationship) => [targetOf(relationship), relationship]));

const targetOf = (relationship: Relationship): string =>
  `${'from' in relationship ? `${String(relationship.from)} ` : ''}in ${String(relationship.to)}`;
