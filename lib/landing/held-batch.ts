import type { SupportChannel } from '../contract/contract.ts';
import type { Kind } from '../pii/finding.ts';
import type { Position } from './staged-batch.ts';
import type { LandedTable } from './table-rows.ts';

/** A batch of a table that is held, for those who answer for the table. Columns, kinds and counts, and no value. */
export interface HeldBatch {
  readonly domain: string;
  readonly table: string;
  /** Names exactly what was staged with it: the same batch has the same name when it is held again. */
  readonly batch: string;
  readonly events: number;
  /** What seems to be personal, and how many of the values that were looked at say so. */
  readonly columns: readonly HeldColumn[];
  /** As the contract says. */
  readonly owner: string;
  readonly support: readonly SupportChannel[];
  /** Where the events are, sealed. */
  readonly quarantine: {
    readonly table: string;
    readonly rule: 'g0.pii';
    readonly positions: readonly Position[];
  };
  /** The command that lists them. */
  readonly look: string;
}

export interface HeldColumn {
  readonly column: string;
  readonly kind: Kind;
  readonly hits: number;
  readonly values: number;
}

/** So many columns tell enough, and an event has its limits. */
const MOST_COLUMNS = 20;

/** What is held of what was staged for one table: of the quarantine, nothing of any other. */
export const heldBatches = ({ table: quarantine, digest, positions, holds = [] }: LandedTable): HeldBatch[] =>
  holds.map(({ table, owner, support, events, suspects }) => ({
    domain: table.split('.')[0] ?? '',
    table,
    batch: digest,
    events,
    columns: suspects.slice(0, MOST_COLUMNS).map(({ column, kind, hits, values }) => ({ column, kind, hits, values })),
    owner,
    support,
    quarantine: { table: quarantine, rule: 'g0.pii', positions },
    look: `npx sluice quarantine list --rule g0.pii --table ${table}`,
  }));
