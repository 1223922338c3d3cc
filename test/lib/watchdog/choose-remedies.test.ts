import fc from 'fast-check';
import { chooseRemedies } from '../../../lib/watchdog/choose-remedies.ts';
import type { Snapshot, WatchedRun } from '../../../lib/watchdog/snapshot.ts';
import { REMEDY_KINDS, type Remedy, type RemedyLimits } from '../../../lib/watchdog/watch.ts';
import { ago, CALM, NOW, run, SETTINGS, taken } from './snapshots.ts';

const choose = (changes: Partial<Snapshot>, limits: RemedyLimits = SETTINGS.limits) =>
  chooseRemedies({ ...CALM, ...changes }, { limits });
const chosen = (changes: Partial<Snapshot>) => choose(changes).map(({ kind, about }) => `${kind} ${about}`);

const failed = run('failed', ago(0.2));
const lost = { holder: 'shop-r9', claimedAt: ago(1), isRunning: false };
const letters = [{ queue: 'commits', waiting: 9, oldest: ago(3) }];

test.each<[string, Partial<Snapshot>, string[]]>([
  ['a run that failed is started once more', { runs: [failed, ...CALM.runs] }, [`restart-run ${failed.runId}`]],
  ['one that failed after a failure is not', { runs: [failed, run('failed', ago(1))] }, []],
  ['one after which another one ended well is not', { runs: [run('nothing-to-do', ago(0.1)), failed] }, []],
  ['one of the day before yesterday is not', { runs: [run('failed', ago(25))] }, []],
  ['one is not while the domain is taken', { runs: [failed], lease: { ...lost, isRunning: true } }, []],
  ['one is not while gold is held', { runs: [failed], isGoldHeld: true }, []],
  ['a run that somebody cancelled is left', { runs: [run('cancelled', ago(0.1))] }, []],
  ['one that was to be cancelled and failed is left', { runs: [{ ...failed, cancellation: {} }] }, []],
  ['a run that a gate stopped is left', { runs: [run('blocked', ago(0.1))] }, []],
  ['a lost lease is given back', { lease: lost }, ['release-lease shop-r9']],
  ['a lost lease is given back while gold is held, too', { lease: lost, isGoldHeld: true }, ['release-lease shop-r9']],
  ['a lease is left where nobody knows', { lease: { ...lost, isRunning: null } }, []],
  ['dead letters are sent on their way', { queues: letters }, ['redrive commits']],
  ['dead letters wait while gold is held', { queues: letters, isGoldHeld: true }, []],
  ['a lease is given back once', { lease: lost, remedies: [taken('release-lease', 'shop-r9', ago(50))] }, []],
  ['a run is started again once', { runs: [failed], remedies: [taken('restart-run', failed.runId)] }, []],
])('%s', (_, changes, expected) => {
  expect(chosen(changes)).toEqual(expected);
});

test('no more messages are sent on their way than a day has left', () => {
  const before = [taken('redrive', 'commits/a'), taken('redrive', 'files/b'), taken('redrive', 'commits/c', ago(48))];
  expect(choose({ queues: letters, remedies: before })).toMatchObject([{ most: 3 }]);
});

const STATUSES = ['succeeded', 'blocked', 'failed', 'cancelled', 'nothing-to-do', 'running'];
const hoursAgo = fc.double({ min: 0, max: 60, noNaN: true });
const runs = fc
  .array(fc.record({ status: fc.constantFrom(...STATUSES), hours: hoursAgo, isCancelled: fc.boolean() }), {
    maxLength: 6,
  })
  .map((list) =>
    list
      .toSorted((a, b) => a.hours - b.hours)
      .map(({ status, hours, isCancelled }, index) =>
        run(status, ago(hours), { runId: `r${index}`, ...(isCancelled && { cancellation: {} }) }),
      ),
  );
const remedy = fc.record({
  kind: fc.constantFrom(...REMEDY_KINDS),
  about: fc.constantFrom('r0', 'r1', 'h', 'commits/1'),
  hours: hoursAgo,
});
const world = fc.record({
  runs,
  isGoldHeld: fc.boolean(),
  lease: fc.option(
    fc.record({
      holder: fc.constant('h'),
      claimedAt: hoursAgo.map(ago),
      isRunning: fc.constantFrom(true, false, null),
    }),
  ),
  queues: fc.array(
    fc.record({ queue: fc.constant('commits'), waiting: fc.option(fc.nat(20)), oldest: fc.constant(null) }),
    { maxLength: 1 },
  ),
  remedies: fc
    .array(remedy, { maxLength: 8 })
    .map((list) => list.map(({ kind, about, hours }) => taken(kind, about, ago(hours)))),
});
const limitsOf = fc.record({ 'release-lease': fc.nat(3), 'restart-run': fc.nat(3), redrive: fc.nat(6) });

/** What the ledger remembers of remedies: of a redrive each message. */
const remembered = (remedies: readonly Remedy[]) =>
  remedies.flatMap(({ kind, about, most }) =>
    most === undefined
      ? [taken(kind, about)]
      : Array.from({ length: most }, (_, index) => taken(kind, `${about}/new-${index}`)),
  );

test('whatever there is, no kind is taken more often in a day than its limit, which may be 0', () => {
  fc.assert(
    fc.property(world, limitsOf, (changes, limits) => {
      const today = [...changes.remedies, ...remembered(choose(changes, limits))].filter(
        ({ at }) => at.slice(0, 10) === NOW.slice(0, 10),
      );
      const before = changes.remedies.filter(({ at }) => at.slice(0, 10) === NOW.slice(0, 10));
      for (const kind of REMEDY_KINDS) {
        const count = (list: typeof today) => list.filter((each) => each.kind === kind).length;
        expect(count(today)).toBeLessThanOrEqual(Math.max(limits[kind], count(before)));
      }
    }),
  );
});

test('whatever there is, the only run that is started again is the newest, and it failed by itself', () => {
  const isFailure = ({ status, cancellation }: WatchedRun) => status === 'failed' && cancellation === undefined;
  fc.assert(
    fc.property(world, (changes) => {
      for (const { about } of choose(changes).filter(({ kind }) => kind === 'restart-run'))
        expect([about, changes.runs.findIndex(isFailure)]).toEqual([changes.runs[0]?.runId, 0]);
    }),
  );
});

test('whatever there is, what was seen once and is seen again leads to no second remedy of a run', () => {
  fc.assert(
    fc.property(world, limitsOf, (changes, limits) => {
      const first = choose(changes, limits);
      const second = choose({ ...changes, remedies: [...changes.remedies, ...remembered(first)] }, limits);
      const ofRuns = (remedies: readonly Remedy[]) =>
        remedies.filter(({ kind }) => kind !== 'redrive').map(({ about }) => about);
      expect(ofRuns(second).filter((about) => ofRuns(first).includes(about))).toEqual([]);
    }),
  );
});
