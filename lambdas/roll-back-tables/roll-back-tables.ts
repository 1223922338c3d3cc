import { type Contract, tableId } from '../../lib/contract/contract.ts';
import type { Slot } from '../../lib/plan/plan.ts';
import {
  inputsOf,
  type Known,
  type Refusal,
  type Route,
  routeTo,
  type Step,
  stepsOf,
  type Wish,
} from '../../lib/publish/decide-rollback.ts';
import { pastOf, whyLost } from '../../lib/publish/past-tables.ts';
import type { Decision, Publication, PublishedTable } from '../../lib/publish/publication.ts';
import { handOver } from '../shared/hand-over.ts';
import type { Launcher } from '../shared/launch-run.ts';
import { type Lease, publishedOf } from '../shared/ledger.ts';
import type { EventBus, TableRestorer } from '../shared/ports.ts';
import { type Display, showSlot } from '../shared/show-slot.ts';

export interface RollBacker extends Display {
  readonly launcher: Launcher;
  readonly restorer: TableRestorer;
  readonly bus: Pick<EventBus, 'goldRolledBack'>;
  /** Of the gold tables that the domain has. */
  readonly contracts: readonly Contract[];
}

export interface RollbackRequest extends Decision, Wish {
  readonly domain: string;
}

/** What is known of this call. */
export interface Call {
  /** Who holds the domain meanwhile. */
  readonly holder: string;
  /** Ids of the publication that comes about, and of the run that may follow. */
  readonly id: string;
  readonly nextRunId: string;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly until: string;
}

export interface RolledBack {
  readonly type: 'RolledBack';
  /** What consumers saw before. */
  readonly from: string;
  readonly publication: Publication;
  /** Why those who read gold downstream were not told, where they were not: that undoes nothing. */
  readonly untold?: string;
}

/** More than anybody looks back: a publication is kept for days. */
const PUBLICATIONS = 200;

/** Shows consumers an earlier publication, all its tables together, and holds gold until somebody releases it. */
export async function rollBackTables(
  rollBacker: RollBacker,
  request: RollbackRequest,
  call: Call,
): Promise<RolledBack | Refusal> {
  const { launcher, ledger } = rollBacker;
  const { domain } = request;
  const lease = { domain, runId: call.holder };
  if (!(await ledger.takeDomain(lease, { at: call.now, until: call.until }))) return busy(rollBacker, domain);
  try {
    return await rollBack(rollBacker, request, call);
  } finally {
    await handOver(launcher, lease, { runId: call.nextRunId, at: call.now });
  }
}

async function busy({ ledger }: RollBacker, domain: string): Promise<Refusal> {
  const { activeRun = 'a run' } = await ledger.domainState(domain);
  return refuse(`'${activeRun}' has domain '${domain}', and may be building gold; try again when it has ended`);
}

async function rollBack(rollBacker: RollBacker, request: RollbackRequest, call: Call): Promise<RolledBack | Refusal> {
  const route = routeTo(await readKnown(rollBacker, request.domain), request);
  if (route.type === 'Refused') return route;
  const lost = await lostOf(rollBacker, [route.target, ...route.others]);
  const gone = lost.get(route.target.id);
  if (gone) return refuse(`publication '${route.target.id}' is gone: ${gone}`);
  const steps = stepsOf({ ...route, others: route.others.filter(({ id }) => !lost.has(id)) });
  if ('reason' in steps) return steps;
  const publication = await new Journey(rollBacker, request, call, route).go(steps);
  const from = route.visible.id;
  return { type: 'RolledBack', from, publication, ...(await tellReaders(rollBacker, request, from, publication)) };
}

async function tellReaders(
  { bus }: RollBacker,
  { domain, reason }: RollbackRequest,
  from: string,
  publication: Publication,
): Promise<Pick<RolledBack, 'untold'>> {
  const { id, runId, publishedAt, tables } = publication;
  try {
    await bus.goldRolledBack({ domain, from, reason, published: { publication: id, runId, publishedAt, tables } });
    return {};
  } catch (error) {
    return { untold: error instanceof Error ? error.message : String(error) };
  }
}

async function readKnown({ ledger, contracts }: RollBacker, domain: string): Promise<Known> {
  const [publications, published] = await Promise.all([
    ledger.publications(domain, PUBLICATIONS),
    ledger.published(domain),
  ]);
  const deployed = contracts.map((contract) => ({ id: tableId(contract), contractVersion: contract.version }));
  return { domain, publications, visible: published?.publication, deployed };
}

/** By the id of a publication, why it cannot be shown any more. */
async function lostOf(rollBacker: RollBacker, publications: readonly Publication[]): Promise<Map<string, string>> {
  const deployed = rollBacker.contracts.map(tableId);
  const lost = await rollBacker.restorer.check(publications.flatMap((each) => pastOf(each, deployed)));
  return new Map(
    publications.flatMap((each) => {
      const reason = whyLost(each, lost);
      return reason === null ? [] : [[each.id, reason] as const];
    }),
  );
}

/** The steps, each of which leaves slots and ledger in a state that a run may start from. */
class Journey {
  private readonly restored = new Map<string, Publication['tables']>();
  private readonly lease: Lease;

  constructor(
    private readonly rollBacker: RollBacker,
    private readonly request: RollbackRequest,
    private readonly call: Call,
    private readonly route: Route,
  ) {
    this.lease = { domain: request.domain, runId: call.holder };
  }

  async go(steps: readonly Step[]): Promise<Publication> {
    for (const step of steps) {
      if (step.type === 'restore') await this.restore(step.publication);
      else if (step.type === 'show') await this.show(step.publication);
      else await this.forget(step.slot);
    }
    return this.arrival;
  }

  /** A slot of which some tables are taken back and some are not is built in full, should this end in between. */
  private async restore(publication: Publication): Promise<void> {
    const { ledger, restorer, contracts } = this.rollBacker;
    const { slot } = publication;
    await this.forget(slot);
    const versions = await restorer.restore(pastOf(publication, contracts.map(tableId)));
    const tables = atVersions(publication.tables, new Map(versions.map(({ table, version }) => [table, version])));
    this.restored.set(publication.id, tables);
    await ledger.recordSlot(this.lease, slot, { inputs: inputsOf(publication, this.call.now), tables });
  }

  private async forget(slot: Slot): Promise<void> {
    await this.rollBacker.ledger.recordSlot(this.lease, slot, { inputs: {}, tables: {} });
  }

  private async show(publication: Publication): Promise<void> {
    const { ledger, contracts } = this.rollBacker;
    const { by, reason, domain } = this.request;
    await ledger.holdGold(this.lease, { by, reason, since: this.call.now });
    const shown = contracts.filter((each) => tableId(each) in publication.tables).map(({ table }) => table);
    await showSlot(this.rollBacker, { domain, tables: shown }, publication.slot, () => this.record(publication));
  }

  /** Only the arrival is kept: what is shown on the way is one that is kept already. */
  private async record(publication: Publication): Promise<void> {
    const { ledger } = this.rollBacker;
    if (publication.id === this.route.target.id) return ledger.recordPublication(this.lease, this.arrival);
    const tables = this.tablesOf(publication);
    return ledger.recordPublished(this.lease, {
      ...publishedOf(publication),
      ...{ tables, publishedAt: this.call.now },
    });
  }

  private get arrival(): Publication {
    const { by, reason } = this.request;
    const { target } = this.route;
    const { id, now } = this.call;
    const builtFrom = inputsOf(target, now);
    return { ...target, id, publishedAt: now, tables: this.tablesOf(target), builtFrom, rollback: { by, reason } };
  }

  private tablesOf({ id, tables }: Publication): Publication['tables'] {
    return this.restored.get(id) ?? tables;
  }
}

/** Without tables that are deployed no more. */
const atVersions = (
  tables: Publication['tables'],
  versions: ReadonlyMap<string, number>,
): Readonly<Record<string, PublishedTable>> =>
  Object.fromEntries(
    Object.entries(tables).flatMap(([id, table]) => {
      const version = versions.get(id);
      return version === undefined ? [] : [[id, { ...table, version }]];
    }),
  );

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });
