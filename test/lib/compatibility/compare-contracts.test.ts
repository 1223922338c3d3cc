import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { ChangeKind } from '../../../lib/compatibility/change.ts';
import { compareContracts } from '../../../lib/compatibility/compare-contracts.ts';
import { InvalidFilesError } from '../../../lib/contract/problem.ts';
import { COLUMN_CHANGES } from './changes-of-columns.ts';
import { PROMISE_CHANGES } from './changes-of-promises.ts';
import { compare, type Raw, read, toys } from './toys.ts';
import type { Edit } from './verdicts-of-design.ts';

const EDITS = [...COLUMN_CHANGES, ...PROMISE_CHANGES].map(([, edit]) => edit);

/** Contracts after some changes in some order, as far as they can be made one after the other. Reading takes the time. */
const POOL = fc
  .sample(fc.subarray(EDITS, { maxLength: 5 }), 25)
  .map((edits) => edits.reduce(attempt, toys()))
  .map((raw) => ({ raw, described: read(raw) }));
const contracts = fc.constantFrom(...POOL);

function attempt(raw: Raw, edit: Edit): Raw {
  const edited = structuredClone(raw);
  try {
    edit(edited);
    read(edited);
    return edited;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof InvalidFilesError)) throw error;
    return raw; // its column has gone before, or the two together make no contract
  }
}

/** What taking a change back is, where that is not a change of the same kind. */
const PAIRS: readonly (readonly [ChangeKind, readonly ChangeKind[]])[] = [
  ['columnDropped', ['optionalColumnAdded', 'requiredColumnAdded']],
  ['typeNarrowed', ['typeWidened', 'typeNarrowed']],
  ['becameOptional', ['becameRequired']],
  ['valuesTightened', ['valuesWidened']],
  ['uniquenessDropped', ['uniquenessAdded', 'ruleAdded']],
  ['ruleDropped', ['ruleAdded']],
  ['ruleAdded', ['ruleDropped', 'valuesWidened', 'uniquenessDropped']],
  ['thresholdRelaxed', ['thresholdTightened']],
  ['gateTightened', ['gateRelaxed', 'gateOpened']],
  ['serviceLevelRelaxed', ['serviceLevelTightened']],
  ['endAnnounced', ['serviceLevelTightened']],
  ['objectiveRelaxed', ['objectiveTightened']],
  ['classificationLowered', ['classificationRaised']],
  ['maskingWeakened', ['maskingStrengthened']],
  ['accessWidened', ['accessNarrowed']],
  ['deliveryRelaxed', ['deliveryTightened']],
  ['horizonShortened', ['horizonExtended']],
];

const isTakenBackBy = (kind: ChangeKind, back: ChangeKind): boolean => {
  const stated = PAIRS.filter(([one, others]) => one === kind || others.includes(kind));
  if (stated.length === 0) return kind === back;
  return stated.some(
    ([one, others]) => (one === kind && others.includes(back)) || (one === back && others.includes(kind)),
  );
};

test('a contract is no other than itself, nor than itself written otherwise', () => {
  fc.assert(
    fc.property(contracts, ({ raw, described }) => {
      expect(compareContracts(described, described)).toEqual([]);
      expect(
        compare(raw, parse(stringify(raw, { collectionStyle: 'flow', defaultStringType: 'QUOTE_DOUBLE' }))),
      ).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

test('no difference between two contracts is passed over', () => {
  fc.assert(
    fc.property(contracts, contracts, (was, is) => {
      const areEqual = stringify(was.raw) === stringify(is.raw);
      expect(compareContracts(was.described, is.described).length > 0).toBe(!areEqual);
    }),
    { numRuns: 100 },
  );
});

test('each change has one on the way back that takes it back', () => {
  fc.assert(
    fc.property(contracts, contracts, (was, is) => {
      const there = compareContracts(was.described, is.described).map(({ kind }) => kind);
      const back = compareContracts(is.described, was.described).map(({ kind }) => kind);
      expect(there.length).toBe(back.length);
      for (const kind of there) expect(back.some((other) => isTakenBackBy(kind, other))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('what only adds and widens breaks no reader and no writer', () => {
  const grown = (size: number): Raw =>
    toys((raw) => {
      const [, lineNo, price, colour] = raw.schema[0].properties;
      if (size > 0) price.logicalTypeOptions.maximum = 1000 + size;
      price.physicalType = `decimal(${18 + size},4)`;
      if (size > 1) lineNo.physicalType = 'long';
      for (let i = 0; i < size; i++) {
        colour.enum.push({ value: `shade ${i}` });
        raw.schema[0].properties.push({ name: `extra${i}`, logicalType: 'string', classification: 'internal' });
      }
    });
  fc.assert(
    fc.property(fc.nat(8), fc.nat(8), (a, b) => {
      const changes = compare(grown(Math.min(a, b)), grown(Math.max(a, b)));
      expect(changes.some(({ readers, writers }) => readers === 'break' || writers === 'break')).toBe(false);
    }),
    { numRuns: 10 },
  );
});
