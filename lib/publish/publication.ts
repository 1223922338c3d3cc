import type { Slot } from '../plan/plan.ts';

/** What consumers saw together from a moment on: all gold tables of a domain, each by its version in one slot. */
export interface Publication {
  readonly type: 'publication';
  readonly v: 1;
  /** The run's, or one of its own where an earlier publication was returned to; ids sort by time. */
  readonly id: string;
  /** The run that built the tables; of a rollback that of the publication that was returned to. */
  readonly runId: string;
  readonly slot: Slot;
  /** When that run was planned; ISO 8601, UTC. */
  readonly builtAt: string;
  /** When consumers came to see it; ISO 8601, UTC. */
  readonly publishedAt: string;
  /** By table id. */
  readonly tables: Readonly<Record<string, PublishedTable>>;
  /** Versions of the silver tables that it was built from. */
  readonly builtFrom: Readonly<Record<string, number>>;
  /** Only of a rollback. */
  readonly rollback?: Decision;
}

export interface PublishedTable {
  readonly version: number;
  readonly rows: number;
  /** Version of the contract by which a slot's table was built. */
  readonly contractVersion?: string;
  /** Text of the model by which it was built, as `Contract.model` tells it. */
  readonly model?: string;
}

/** While it stands, runs refine silver and neither build nor publish gold: what was wrong would be published again. */
export interface GoldHold extends Decision {
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** The end of a hold: by whom, and what had been held. */
export interface GoldRelease {
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly held: GoldHold;
}

/** Who wanted it, and why. */
export interface Decision {
  readonly by: string;
  readonly reason: string;
}
