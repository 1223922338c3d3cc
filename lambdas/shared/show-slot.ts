import type { Slot } from '../../lib/plan/plan.ts';
import { FIRST_VISIBLE_SLOT } from '../../lib/plan/plan-model.ts';
import type { Ledger } from './ledger.ts';
import type { Catalogue, SlotPointer } from './ports.ts';

/** What shows consumers one of the slots. */
export interface Display {
  readonly ledger: Ledger;
  readonly catalogue: Catalogue;
  readonly pointer: SlotPointer;
  readonly goldBucket: string;
}

export interface Shown {
  readonly domain: string;
  /** Names of gold tables in the catalogue. */
  readonly tables: readonly string[];
}

/** Shows consumers a slot and records that they see it: all of its tables, or those they saw before. */
export async function showSlot(display: Display, shown: Shown, slot: Slot, record: () => Promise<void>): Promise<void> {
  try {
    await point(display, shown, slot);
    await record();
  } catch (error) {
    const published = await display.ledger.published(shown.domain);
    await point(display, shown, published?.slot ?? FIRST_VISIBLE_SLOT);
    throw error;
  }
}

async function point(
  { catalogue, pointer, goldBucket }: Display,
  { domain, tables }: Shown,
  slot: Slot,
): Promise<void> {
  for (const table of tables) {
    await catalogue.locate({ database: `${domain}_gold`, table }, `s3://${goldBucket}/${domain}/${slot}/${table}`);
  }
  await pointer.set(slot);
}
