import type { WatchLedger } from '../../lambdas/shared/watch-ports.ts';
import type { Watched } from './describe-watch.ts';

/** Today, and the days that it is compared with. */
const DAYS = 30;

export async function readWatched(watches: WatchLedger, domain: string): Promise<Watched> {
  const [[last = null], scores] = await Promise.all([watches.watches(1), watches.scores(DAYS)]);
  return { domain, watch: last, scores };
}
