import fc from 'fast-check';
import { compareType } from '../../../lib/compatibility/compare-type.ts';

const decimals = fc
  .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
  .map(([precision, scale]) => `decimal(${precision},${Math.min(precision, scale)})`);
const exact = fc.oneof(decimals, fc.constantFrom('int', 'long'));
const types = fc.oneof(exact, fc.constantFrom('double', 'string', 'boolean', 'date', 'timestamp', 'array', 'struct'));

/** The largest value of an exact number and its smallest step, both in units of 1e-38. */
function reachOf(type: string): { largest: bigint; step: bigint } {
  const unit = 10n ** 38n;
  if (type === 'int') return { largest: (2n ** 31n - 1n) * unit, step: unit };
  if (type === 'long') return { largest: (2n ** 63n - 1n) * unit, step: unit };
  const [precision = 0, scale = 0] = type.match(/\d+/g)?.map(Number) ?? [];
  const step = 10n ** BigInt(38 - scale);
  return { largest: (10n ** BigInt(precision) - 1n) * step, step };
}

test('an exact number is wider when it reaches as far in steps as small', () => {
  fc.assert(
    fc.property(exact, exact, (was, is) => {
      const [before, after] = [reachOf(was), reachOf(is)];
      const holdsAll = after.largest >= before.largest && before.step % after.step === 0n;
      const expected = was === is ? 'same' : holdsAll ? 'wider' : 'narrower';
      expect(compareType(was, is)).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('what is wider one way is narrower the other way', () => {
  fc.assert(
    fc.property(types, types, (was, is) => {
      const [there, back] = [compareType(was, is), compareType(is, was)];
      if (there === 'wider') expect(back).toBe('narrower');
      if (there === 'different' || there === 'same') expect(back).toBe(there);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['int', 'double', 'wider'],
  ['long', 'double', 'narrower'], // above 2^53 a double has gaps
  ['decimal(15,0)', 'double', 'wider'],
  ['decimal(9,2)', 'double', 'narrower'],
  ['date', 'timestamp', 'wider'],
  ['int', 'string', 'different'],
  ['array', 'struct', 'different'],
])('%s → %s: %s', (was, is, relation) => {
  expect(compareType(was, is)).toBe(relation);
});
