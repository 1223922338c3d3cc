import type { Ledger } from '../../lambdas/shared/ledger.ts';
import type { TableRestorer } from '../../lambdas/shared/ports.ts';
import { type LostTable, pastOf, whyLost } from '../../lib/publish/past-tables.ts';
import type { History } from './describe-publications.ts';

export interface HistorySources {
  readonly ledger: Pick<Ledger, 'publications' | 'published' | 'goldHold' | 'goldReleases'>;
  readonly restorer: Pick<TableRestorer, 'check'>;
  /** Ids of the domain's gold tables. */
  readonly tables: readonly string[];
}

/** What a domain published, and which of it can still be returned to. */
export async function readHistory(
  { ledger, restorer, tables }: HistorySources,
  domain: string,
  limit: number,
): Promise<History> {
  const [publications, published, hold, releases] = await Promise.all([
    ledger.publications(domain, limit),
    ledger.published(domain),
    ledger.goldHold(domain),
    ledger.goldReleases(domain, limit),
  ]);
  const past = publications.flatMap((each) => pastOf(each, tables));
  const lost: readonly LostTable[] = past.length > 0 ? await restorer.check(past) : [];
  const listed = publications.map((each) => ({
    ...each,
    isVisible: each.id === published?.publication,
    lost: whyLost(each, lost),
  }));
  return { domain, hold, releases, publications: listed };
}
