import fc from 'fast-check';
import { type PlanInput, planRun } from '../../../lib/plan/plan-run.ts';
import { asIfUnread, explainAgain } from '../../../lib/plan/read-again.ts';
import { afterCommits, afterMaintenance, afterRun, LINES, NOTHING, ORDERS, planOf, SALES } from './commerce.ts';
import { anyWorld } from './random-domain.ts';

const FIRST = afterCommits(NOTHING, 4);
const SETTLED = afterRun(FIRST, planOf(FIRST));

const linesSince = (input: PlanInput, version: number) => {
  const firsts = new Map([[ORDERS, version]]);
  return explainAgain(input, firsts, planRun(asIfUnread(input, firsts)));
};

test('what was read is read again from a version on, and gold is built from it', () => {
  const lines = linesSince(SETTLED, 2);
  expect(lines.find(({ table }) => table === LINES)).toMatchObject({
    ...{ action: 'refine', scope: `${ORDERS} 2-3` },
    why: 'version 2 and later ones would be read again',
  });
  expect(lines.find(({ table }) => table === SALES)?.action).toBe('build');
});

test('from its first version on a table is read whole, and again is said of what was read before only', () => {
  expect(linesSince(SETTLED, 0)[0]).toMatchObject({ scope: `${ORDERS} 0-3`, why: expect.stringMatching(/again$/) });
  expect(linesSince(afterCommits(SETTLED, 2), 5)[0]).toMatchObject({
    ...{ scope: `${ORDERS} 4-5`, why: 'it is read up to version 3' },
  });
});

test('where only compaction came since, nothing is read', () => {
  expect(linesSince(afterMaintenance(SETTLED, ORDERS, 2), 4).map(({ action }) => action)).not.toContain('refine');
});

test('a table that was made anew is read whole for that reason, whenever its versions were committed', () => {
  const anew = { ...SETTLED, versions: { ...SETTLED.versions, [ORDERS]: 1 } };
  expect(linesSince(anew, 1)[0]).toMatchObject({
    ...{ scope: `${ORDERS} 0-1`, why: 'it was made anew since version 3 was read' },
  });
});

test('a range never begins later than the next run would begin it, and without versions the plan is that of the run', () => {
  fc.assert(
    fc.property(anyWorld, fc.nat(6), (input, version) => {
      const firsts = new Map(input.contracts.map(({ domain, table }) => [`${domain}.bronze.${table}`, version]));
      const [next, again] = [input, asIfUnread(input, firsts)].map((each) => planRun(each));
      const begins = (decision: typeof next) =>
        new Map(
          (decision?.hasWork ? decision.plan.refine : []).map(({ table, source }) => [
            `${table} of ${source.table}`,
            source,
          ]),
        );
      for (const [pair, { fromVersion, toVersion }] of begins(next)) {
        if (fromVersion > toVersion) continue;
        const range = begins(again).get(pair);
        expect(range).toMatchObject({ toVersion });
        expect(range?.fromVersion).toBeLessThanOrEqual(fromVersion);
      }
      expect(planRun(asIfUnread(input, new Map()))).toEqual(next);
    }),
  );
});
