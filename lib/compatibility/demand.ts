import { endOfLife } from '../contract/end-of-life.ts';
import type { Change } from './change.ts';
import { compareContracts, type Described, describedTable } from './compare-contracts.ts';
import type { Proposal, Versions } from './proposal.ts';
import { bumpBetween, bumpFor, isEnough, largest, majorOf, raise } from './semantic-version.ts';

/** What is still missing for changes to pass: each as what, where, found, allowed and the fix. */
export function demandsOf({ was, is }: Versions, changes: readonly Change[], proposal: Proposal): string[] {
  if (!was || changes.length === 0) return [];
  if (!is) return demandEnd(was, proposal);
  return [
    ...demandVersion(was, is, changes),
    ...demandDecision(was, is, changes, proposal.decisions),
    ...(changes.some((each) => mustServeBoth(each, was)) ? demandWindow(was, is, proposal) : []),
  ];
}

const breaksCode = ({ readers, writers }: Change): boolean => readers === 'break' || writers === 'break';

/**
 * Serving the old version beside the new one helps whoever reads by name and value. Where readers lose what they must
 * no longer see it would undo the change; and what breaks writers is at home, except where events come from outside.
 */
function mustServeBoth({ readers, writers, trust }: Change, { pipeline }: Described): boolean {
  if (readers === 'break') return trust === 'none' || trust === 'review';
  return writers === 'break' && pipeline.layer === 'bronze';
}

function demandVersion(was: Described, is: Described, changes: readonly Change[]): string[] {
  const needed = largest(changes.map(bumpFor));
  const [before, after] = [was.odcs.version, is.odcs.version];
  if (isEnough(bumpBetween(before, after), needed)) return [];
  const cause = changes.filter((each) => bumpFor(each) === needed).map(({ path }) => path);
  return [`version: found ${before} → ${after}, allowed: ${raise(before, needed)} or later; ${listed(cause)}`];
}

function demandDecision(was: Described, is: Described, changes: readonly Change[], decisions: Proposal['decisions']) {
  const unapproved = changes.filter(({ trust }) => trust === 'break').map(({ path }) => path);
  if (unapproved.length === 0 && !changes.some(breaksCode)) return [];
  const name = `${describedTable(is)}@${versionToBe(was, is, changes)}`;
  const records = decisions.filter(({ contracts }) => contracts.includes(name));
  if (records.length === 0) return [`docs/decisions: found no record with the line 'Contracts: ${name}'`];
  if (unapproved.length === 0 || records.some(({ approvedBy }) => approvedBy !== undefined)) return [];
  return [`${records[0]?.file}: found no line 'Approved by: …'; ${listed(unapproved)}`];
}

/** The version that the changes arrive with, which may still have to be raised. */
function versionToBe({ odcs: was }: Described, { odcs: is }: Described, changes: readonly Change[]): string {
  const needed = largest(changes.map(bumpFor));
  return isEnough(bumpBetween(was.version, is.version), needed) ? is.version : raise(was.version, needed);
}

function demandWindow(was: Described, is: Described, { served, today, windowDays }: Proposal): string[] {
  const table = describedTable(is);
  const major = majorOf(was.odcs.version);
  if (is.pipeline.layer === 'bronze') return [`${table}: leave it as it was, ${besideIt(was)}`];
  const old = served.find(({ odcs, pipeline }) => pipeline.versionOf === table && majorOf(odcs.version) === major);
  if (!old) {
    return [`version ${major}: found no contract that serves it still, allowed: one with 'versionOf: ${table}'`];
  }
  const [until, earliest] = [endOfLife(old.odcs)?.day ?? 'none', addDays(today, windowDays)];
  const end = `${describedTable(old)}: endOfLife: found ${until}, allowed: ${earliest} or later, ${windowDays} days from now`;
  return [...brokenPromises(was, old), ...(until >= earliest && until !== 'none' ? [] : [end])];
}

/** Rows and events of a version stay what they are: events of the next one go into a table of their own. */
const besideIt = ({ odcs, table }: Described): string =>
  `and add ${table.name}_v${majorOf(odcs.version) + 1} beside it, for events of their own`;

/** Served under another name, by other means and for a time: whatever else breaks readers is no old version. */
function brokenPromises(was: Described, old: Described): string[] {
  return compareContracts(was, old)
    .filter(({ kind, readers }) => readers === 'break' && kind !== 'tableRenamed')
    .map(({ path, reason }) => `${describedTable(old)}: ${path}: not as version ${was.odcs.version} has it: ${reason}`);
}

function demandEnd(was: Described, { today }: Proposal): string[] {
  const end = endOfLife(was.odcs)?.day;
  if (end !== undefined && end < today) return [];
  const found = end === undefined ? 'no endOfLife' : `endOfLife ${end}`;
  return [`${describedTable(was)} is gone: found ${found}, allowed: a day that is over; announce it and wait`];
}

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

const listed = (paths: readonly string[]): string =>
  [...paths.slice(0, 3), ...(paths.length > 3 ? [`${paths.length - 3} more`] : [])].join(', ');
