import type { Contract } from '../contract/contract.ts';
import type { Described } from './compare-contracts.ts';
import type { Decision } from './decision.ts';
import type { Waiver } from './waiver.ts';

/** A contract as it was and as it is to be: one of the two where it is new or gone. */
export type Versions =
  | {
      readonly was?: Described;
      readonly is: Described;
      /** Why the old one cannot be read by the rules of today: which file, at which commit, and what is wrong with it. */
      readonly unreadable?: string;
    }
  | { readonly was: Described; readonly is?: undefined; readonly unreadable?: undefined };

export interface Proposal {
  /** ISO 8601, the day of the check. */
  readonly today: string;
  /** How long both versions must be served after a break. */
  readonly windowDays: number;
  /** The contracts that somebody wants to change, add or take away. */
  readonly versions: readonly Versions[];
  /** What else cannot be read as it was, in the same words. */
  readonly unreadable: readonly string[];
  /** All contracts as they are to be. */
  readonly contracts: readonly Contract[];
  /** The same as their files say it, older versions of others among them. */
  readonly served: readonly Described[];
  readonly decisions: readonly Decision[];
  readonly waivers: readonly Waiver[];
}
