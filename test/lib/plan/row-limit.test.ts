import type { Check } from '../../../lib/contract/contract.ts';
import { rowLimitOf } from '../../../lib/plan/row-limit.ts';

const rule = (blockAbovePercent?: number): Check => ({
  ...{ id: 'r', name: 'r', kind: 'required', columns: ['c'], onFailure: 'quarantine' },
  ...(blockAbovePercent !== undefined && { blockAbovePercent }),
});

test.each([
  ['a table that states none has 5 %, judged from a hundred rows on', {}, { percent: 5, fromRows: 100 }],
  [
    'a rule that allows more by itself is not contradicted',
    { checks: [rule(20), rule(2)] },
    { percent: 20, fromRows: 100 },
  ],
  ['a rule that allows less does not narrow the table', { checks: [rule(2)] }, { percent: 5, fromRows: 100 }],
  ['what the table states holds for any number of rows', { blockAbovePercent: 1 }, { percent: 1, fromRows: 1 }],
  [
    'what the table states holds against its rules',
    { blockAbovePercent: 1, checks: [rule(20)] },
    { percent: 1, fromRows: 1 },
  ],
])('%s', (_, contract, limit) => {
  expect(rowLimitOf({ checks: [rule()], ...contract })).toEqual(limit);
});
