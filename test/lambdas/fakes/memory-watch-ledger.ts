import type { WatchLedger } from '../../../lambdas/shared/watch-ports.ts';
import type { Scores } from '../../../lib/watchdog/score-tables.ts';
import type { TakenRemedy, Watch } from '../../../lib/watchdog/watch.ts';

/** The watchdog's memory without DynamoDB; `watch-ledger.test.ts` holds it to what the real one does. */
export class MemoryWatchLedger implements WatchLedger {
  private readonly looks: Watch[] = [];
  private readonly taken: TakenRemedy[] = [];
  private readonly days = new Map<string, Scores>();

  async watches(limit: number): Promise<Watch[]> {
    return this.looks.toReversed().slice(0, limit);
  }

  async recordWatch(watch: Watch): Promise<void> {
    this.looks.push(watch);
  }

  async remedies(): Promise<TakenRemedy[]> {
    return [...this.taken];
  }

  async take(remedy: TakenRemedy, mostADay: number): Promise<boolean> {
    const ofKind = this.taken.filter(({ kind }) => kind === remedy.kind);
    const today = ofKind.filter(({ at }) => at.slice(0, 10) === remedy.at.slice(0, 10));
    if (today.length >= mostADay || ofKind.some(({ about }) => about === remedy.about)) return false;
    this.taken.push(remedy);
    return true;
  }

  async scores(limit: number): Promise<Scores[]> {
    return [...this.days.values()].toReversed().slice(0, limit);
  }

  async recordScores(scores: Scores): Promise<void> {
    this.days.set(scores.date, scores);
  }
}
