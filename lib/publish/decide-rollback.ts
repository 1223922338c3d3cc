import { SLOTS, type Slot } from '../plan/plan.ts';
import type { Publication } from './publication.ts';

/** What is done to the slots to return to a publication, in this order. */
export type Step =
  /** Brings the tables of a slot that nobody sees back to a publication's versions. */
  | { readonly type: 'restore'; readonly publication: Publication }
  /** Shows consumers the publication's slot. */
  | { readonly type: 'show'; readonly publication: Publication }
  /** Has the next run that builds in the slot build it in full. */
  | { readonly type: 'forget'; readonly slot: Slot };

export interface Refusal {
  readonly type: 'Refused';
  readonly reason: string;
}

/** A gold table as it is deployed. */
export interface DeployedTable {
  readonly id: string;
  readonly contractVersion: string;
}

/** What is known of a domain's publications. */
export interface Known {
  readonly domain: string;
  /** Newest first. */
  readonly publications: readonly Publication[];
  /** Id of the one that consumers see. */
  readonly visible: string | undefined;
  readonly deployed: readonly DeployedTable[];
}

export interface Route {
  readonly type: 'Route';
  readonly visible: Publication;
  readonly target: Publication;
  /**
   * Of the other slot: first the last one before the target, from which it is built on, then its last one. Both may be
   * the same, and there may be none.
   */
  readonly others: readonly Publication[];
}

export interface Wish {
  /** What consumers saw when it was uttered: asked for twice, it is done once. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Where a rollback goes: to the named publication, or to the one before what consumers see. */
export function routeTo(known: Known, { from, to }: Wish): Route | Refusal {
  const { publications } = known;
  const visible = publications.find(({ id }) => id === known.visible);
  if (!visible) return refuse(whyNotSeen(known));
  if (from !== undefined && from !== visible.id)
    return refuse(`consumers see publication '${visible.id}' by now, and no longer '${from}'`);
  const target = to === undefined ? before(publications, visible) : publications.find(({ id }) => id === to);
  const unfit = target ? whyUnfit(known, visible, target) : whyNone(known, to);
  if (!target || unfit) return refuse(unfit ?? '');
  const others = publications.filter(({ slot }) => slot !== target.slot);
  const basis = newestBuild(others.filter(({ runId }) => runId < target.runId));
  return { type: 'Route', visible, target, others: [...new Set([basis, others[0]])].filter(isThere) };
}

/** Publications of a run are one build: a rollback shows it anew. The last of them has the youngest files. */
const newestBuild = (publications: readonly Publication[]): Publication | undefined =>
  publications.toSorted((a, b) => (a.runId === b.runId ? 0 : a.runId < b.runId ? 1 : -1))[0];

const before = (publications: readonly Publication[], visible: Publication): Publication | undefined =>
  newestBuild(publications.filter(({ runId }) => runId < visible.runId));

const isThere = (publication: Publication | undefined): publication is Publication => publication !== undefined;

const whyNotSeen = ({ publications, domain }: Known): string =>
  publications.length === 0
    ? `no publication of '${domain}' is recorded yet`
    : `what consumers of '${domain}' see is none of its last ${publications.length} publications`;

const whyNone = ({ domain }: Known, to: string | undefined): string =>
  to === undefined
    ? `'${domain}' has no publication before the one that consumers see`
    : `publication '${to}' is unknown; list them with \`sluice publish history ${domain}\``;

function whyUnfit({ deployed }: Known, visible: Publication, target: Publication): string | undefined {
  if (target.id === visible.id) return `consumers see publication '${target.id}' already`;
  const lacking = deployed.find(({ id }) => visible.tables[id] && !target.tables[id]);
  if (lacking) return `publication '${target.id}' has no ${lacking.id}, which consumers see now`;
  const other = deployed.find(({ id, contractVersion }) => {
    const built = target.tables[id]?.contractVersion;
    return built !== undefined && majorOf(built) !== majorOf(contractVersion);
  });
  if (!other) return undefined;
  const built = target.tables[other.id]?.contractVersion;
  return `publication '${target.id}' has ${other.id} by version ${built} of its contract, and ${other.contractVersion} is deployed`;
}

const majorOf = (version: string): string | undefined => version.split('.')[0];

/**
 * Consumers see one publication as a whole at any time, so only a slot that they do not see is changed. The other slot
 * goes back as well: what was built since may be as wrong, and the next run builds on what it finds there.
 */
export function stepsOf({ visible, target, others }: Route): readonly Step[] | Refusal {
  const basis = others.find(({ runId }) => runId < target.runId);
  const rest: Step = basis ? { type: 'restore', publication: basis } : { type: 'forget', slot: otherThan(target.slot) };
  if (target.slot !== visible.slot) return [...bring(target), rest];
  const [detour] = others;
  if (!detour)
    return refuse(`publication '${target.id}' lies in the slot that consumers see, and the other one is gone`);
  return [...bring(detour), ...bring(target), ...(basis ? [] : [rest])];
}

const bring = (publication: Publication): readonly Step[] => [
  { type: 'restore', publication },
  { type: 'show', publication },
];

const otherThan = (slot: Slot): Slot => SLOTS.find((each) => each !== slot) ?? slot;

const DAY_MS = 86_400_000;
/** So long maintenance keeps files that left a table, at least: `VACUUM_HOURS` in `maintain_tables.py`. */
export const KEPT_DAYS = 7;

/**
 * What a slot was built from, once it holds a publication again. The changes of silver since are read by version; those
 * of an older build may be vacuumed, since the slot that had yet to read them was built again meanwhile.
 */
export const inputsOf = ({ builtAt, builtFrom }: Publication, now: string): Publication['builtFrom'] =>
  Date.parse(now) - Date.parse(builtAt) < KEPT_DAYS * DAY_MS ? builtFrom : {};

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });
