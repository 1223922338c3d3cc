import fc from 'fast-check';
import { FAULT_KINDS, type Fault } from './invocation.ts';

/** One thing that happens. Numbers choose among what there is; what cannot happen does not. */
export type Step =
  | { readonly type: 'Produce'; readonly records: number; readonly traits: number }
  | { readonly type: 'ProduceAgain'; readonly events: number; readonly partition: number }
  | { readonly type: 'Land'; readonly shard: number; readonly size: number; readonly fault: Fault | null }
  | { readonly type: 'Commit'; readonly count: number; readonly fault: Fault | null }
  | { readonly type: 'Refine'; readonly fault: Fault | null }
  | { readonly type: 'Wait'; readonly seconds: number }
  | { readonly type: 'Reshard'; readonly shard: number; readonly merges: boolean }
  | { readonly type: 'Rewind'; readonly shard: number; readonly records: number }
  | { readonly type: 'Thaw' }
  | {
      readonly type: 'Upload';
      readonly key: number;
      readonly lines: number;
      readonly traits: number;
      readonly keeps: number;
    }
  | { readonly type: 'LandFile'; readonly fault: Fault | null }
  | { readonly type: 'Notify'; readonly deed: 'Lose' | 'Repeat' | 'Reverse' }
  | { readonly type: 'Reconcile'; readonly fault: Fault | null }
  | { readonly type: 'ExpireLedger' }
  | { readonly type: 'LoseMessage' }
  | { readonly type: 'Spoil'; readonly which: number }
  | { readonly type: 'RedriveDeadLetters' }
  | { readonly type: 'RedriveOnFailure'; readonly fault: Fault | null }
  | { readonly type: 'Deploy' }
  | { readonly type: 'Replay'; readonly fault: Fault | null }
  | { readonly type: 'Compact' };

export type History = readonly Step[];

const traits = fc.nat(2 ** 20 - 1);
const AT = 6;
const FAULTS = AT * FAULT_KINDS.length;
/** Half of all invocations go well; one number stands for the fault, since a history has many. */
const fault: fc.Arbitrary<Fault | null> = fc
  .nat(2 * FAULTS - 1)
  .map((n) => (n < FAULTS ? null : { at: n % AT, kind: FAULT_KINDS[Math.floor(n / AT) - AT]! }));
/** From a moment to beyond the queue's deduplication, a message's invisibility and the reconciler's patience. */
const seconds = fc.constantFrom(1, 10, 61, 301, 361, 1000, 7200);

type Fields<T extends Step['type']> = Omit<Extract<Step, { type: T }>, 'type'>;

/** As `fc.record`, in half the time. */
function step<T extends Step['type']>(type: T, fields: { [Name in keyof Fields<T>]: fc.Arbitrary<Fields<T>[Name]> }) {
  const names = Object.keys(fields);
  return fc.tuple(...(Object.values(fields) as fc.Arbitrary<unknown>[])).map((values) => {
    const made: Record<string, unknown> = { type };
    for (let i = 0; i < names.length; i++) made[names[i]!] = values[i];
    return made as unknown as Step;
  });
}

const anyStep = fc.oneof(
  { weight: 10, arbitrary: step('Produce', { records: fc.integer({ min: 1, max: 16 }), traits }) },
  { weight: 2, arbitrary: step('ProduceAgain', { events: fc.integer({ min: 1, max: 4 }), partition: fc.nat(6) }) },
  { weight: 14, arbitrary: step('Land', { shard: fc.nat(3), size: fc.integer({ min: 1, max: 24 }), fault }) },
  { weight: 12, arbitrary: step('Commit', { count: fc.integer({ min: 1, max: 10 }), fault }) },
  { weight: 3, arbitrary: step('Refine', { fault }) },
  { weight: 5, arbitrary: step('Wait', { seconds }) },
  { weight: 1, arbitrary: step('Reshard', { shard: fc.nat(3), merges: fc.boolean() }) },
  { weight: 2, arbitrary: step('Rewind', { shard: fc.nat(3), records: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 3, arbitrary: fc.constant<Step>({ type: 'Thaw' }) },
  {
    weight: 2,
    arbitrary: step('Upload', {
      key: fc.nat(1),
      lines: fc.integer({ min: 1, max: 12 }),
      traits,
      keeps: fc.nat(3),
    }),
  },
  { weight: 3, arbitrary: step('LandFile', { fault }) },
  {
    weight: 1,
    arbitrary: step('Notify', { deed: fc.constantFrom('Lose' as const, 'Repeat' as const, 'Reverse' as const) }),
  },
  { weight: 1, arbitrary: step('Reconcile', { fault }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'ExpireLedger' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'LoseMessage' }) },
  { weight: 1, arbitrary: step('Spoil', { which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'RedriveDeadLetters' }) },
  { weight: 2, arbitrary: step('RedriveOnFailure', { fault }) },
  { weight: 2, arbitrary: fc.constant<Step>({ type: 'Deploy' }) },
  { weight: 3, arbitrary: step('Replay', { fault }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'Compact' }) },
);

/** Any history, which shrinks to one without the steps that it does not need. */
export const histories: fc.Arbitrary<History> = fc.array(anyStep, { minLength: 1, maxLength: 80, size: 'max' });
