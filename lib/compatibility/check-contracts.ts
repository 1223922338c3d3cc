import { tableId } from '../contract/contract.ts';
import { overdueText } from '../contract/end-of-life.ts';
import { notAllowed } from '../contract/problem.ts';
import { type Change, change, type Verdicts, worstOf } from './change.ts';
import { compareContracts, type Described, describedTable } from './compare-contracts.ts';
import { demandsOf } from './demand.ts';
import { type Consumer, findConsumers } from './find-consumers.ts';
import type { Proposal, Versions } from './proposal.ts';
import { isExpired, type Waiver, waives } from './waiver.ts';

export type JudgedChange = Change & {
  /** File of the waiver that lets it pass. */
  readonly waivedBy?: string;
};

/** What becomes of one contract, who is concerned, and what is missing for it to pass. */
export interface Judgement {
  readonly table: string;
  readonly was?: string;
  readonly is?: string;
  readonly changes: readonly JudgedChange[];
  /** The worst of all changes, waived ones included. */
  readonly verdicts: Verdicts;
  readonly consumers: readonly Consumer[];
  readonly roles: readonly string[];
  /** What, where, found, allowed; empty when the change may pass. */
  readonly problems: readonly string[];
}

export interface CheckReport {
  readonly passed: boolean;
  readonly contracts: readonly Judgement[];
  /** What is wrong with the waivers themselves, and which contracts are there for too long. */
  readonly problems: readonly string[];
  /** Files that cannot be read as they were, and why; what they said then is not compared. */
  readonly unreadable: readonly string[];
}

/** Whether contracts may become what somebody proposes, and what each still lacks. */
export function checkContracts(proposal: Proposal): CheckReport {
  const contracts = proposal.versions.map((versions) => judge(versions, proposal));
  const problems = [
    ...proposal.waivers.flatMap((waiver) => waiverProblems(waiver, proposal)),
    ...proposal.served.flatMap((each) => windowProblems(each, proposal.today)),
  ];
  const passed = problems.length === 0 && contracts.every((each) => each.problems.length === 0);
  const unreadable = [...proposal.unreadable, ...proposal.versions.flatMap((each) => each.unreadable ?? [])];
  return { passed, contracts, problems, unreadable };
}

function judge(versions: Versions, proposal: Proposal): Judgement {
  const { was, is } = versions;
  const table = tableOf(versions);
  const changes = changesOf(versions).map((each) => withWaiver(each, table, proposal.waivers));
  const demanding = changes.filter(({ waivedBy }) => waivedBy === undefined);
  return {
    table,
    ...(was && { was: was.odcs.version }),
    ...(is && { is: is.odcs.version }),
    changes,
    verdicts: worstOf(changes),
    consumers: findConsumers(was ? describedTable(was) : table, proposal.contracts),
    roles: (was?.odcs.roles ?? []).map(({ role }) => role),
    problems: demandsOf(versions, demanding, proposal),
  };
}

/** What it is called from now on. */
const tableOf = ({ was, is }: Versions): string => describedTable(is ?? was);

function changesOf({ was, is, unreadable }: Versions): Change[] {
  if (unreadable !== undefined) return [{ ...change('otherChanged', ''), reason: UNREADABLE }];
  if (!was) return [];
  return is ? compareContracts(was, is) : [change('tableDropped', 'schema.name', describedTable(was))];
}

const UNREADABLE = 'as it was it cannot be read, so nobody knows what changed';

function withWaiver(each: Change, table: string, waivers: readonly Waiver[]): JudgedChange {
  const waiver = waivers.find((one) => waives(one, table, each));
  return waiver ? { ...each, waivedBy: waiver.file } : each;
}

/** A waiver that is over, or for a table that there is not, is to be taken away. */
function waiverProblems(waiver: Waiver, { today, contracts, versions }: Proposal): string[] {
  const { file, contract, until } = waiver;
  const known = [...contracts.map(tableId), ...versions.flatMap(({ was }) => (was ? [describedTable(was)] : []))];
  const expired = `${file}: until: found ${until}, allowed: ${today} or later; do what it waived, or ask for more time`;
  return [
    ...(isExpired(waiver, today) ? [expired] : []),
    ...(known.includes(contract) ? [] : [`${file}: contract: ${notAllowed(contract, known)}`]),
  ];
}

/** Readers were told a last day; who serves the table after it says how long, or takes it away. */
function windowProblems(served: Described, today: string): string[] {
  const text = overdueText(served.odcs, today);
  return text === undefined ? [] : [`${describedTable(served)}: endOfLife: ${text}`];
}
