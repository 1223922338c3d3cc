import { Random } from '../../../lib/source/random.ts';
import { VICTIMS, type Victim } from './processes.ts';

/** One blow: after a pause, something dies. */
export interface Strike {
  readonly afterMs: number;
  readonly victim: Victim | 'the cloud';
}

/** Blows at random moments, the same for the same seed; each victim dies about as often as the others. */
export function stormOf(seed: number, strikes: number, victims: readonly Strike['victim'][]): Strike[] {
  const random = new Random(seed);
  return Array.from({ length: strikes }, (_, index) => ({
    afterMs: random.between(200, 2500),
    victim: victims[(index + random.between(0, 1)) % victims.length] ?? 'the cloud',
  }));
}

export const PROCESSES = Object.keys(VICTIMS) as Victim[];
