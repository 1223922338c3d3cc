import type { Slot } from '../../../lib/plan/plan.ts';
import type { Publication } from '../../../lib/publish/publication.ts';

export const SALES = 'shop.gold.sales';
export const PRODUCTS = 'shop.gold.products';

/** What run `shop-<number>` published; each of them builds the slot that the one before it did not. */
export function publicationOf(number: number, more: Partial<Publication> = {}): Publication {
  const slot: Slot = number % 2 === 0 ? 'green' : 'blue';
  const table = { version: number, rows: 10 * number, contractVersion: '1.2.0' };
  const at = `2011-01-0${number}T10:00:00.000Z`;
  return {
    ...{ type: 'publication', v: 1, id: `shop-${number}`, runId: `shop-${number}`, slot, builtAt: at, publishedAt: at },
    ...{ tables: { [SALES]: table, [PRODUCTS]: table }, builtFrom: { 'shop.silver.orders': 10 * number } },
    ...more,
  };
}

/** What a rollback showed anew, at later versions of the same rows. */
export const returnTo = (number: number, id: string): Publication =>
  publicationOf(number, { id, rollback: { by: 'ada', reason: 'totals are doubled' } });
