import fc from 'fast-check';
import { type DomainState, decideFinish, decideStart, runIdOf } from '../../../lib/plan/decide-start.ts';

test('an idle domain starts a run', () => {
  expect(decideStart({ dirty: false }, 'r1')).toEqual({ type: 'start', runId: 'r1' });
});

test('while a run is active, the first trigger asks for the next one, and others change nothing', () => {
  expect(decideStart({ activeRun: 'r1', dirty: false }, 'r2')).toEqual({ type: 'markDirty' });
  expect(decideStart({ activeRun: 'r1', dirty: true }, 'r3')).toEqual({ type: 'alreadyDirty' });
});

test('the end of a run releases its domain, or starts the next run when something came', () => {
  expect(decideFinish({ activeRun: 'r1', dirty: false }, 'r1')).toEqual({ type: 'release' });
  expect(decideFinish({ activeRun: 'r1', dirty: true }, 'r1')).toEqual({ type: 'startNext' });
});

test('a run that ends twice does not release the one that came after it', () => {
  expect(decideFinish({ activeRun: 'r2', dirty: true }, 'r1')).toEqual({ type: 'leave' });
  expect(decideFinish({ dirty: false }, 'r1')).toEqual({ type: 'leave' });
});

test('in any order of commits and ends, no commit stays unread and no two runs are active', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('commit', 'end'), { maxLength: 40 }), (happenings) => {
      let state: DomainState = { dirty: false };
      let [runs, unread] = [0, 0];
      const start = () => {
        runs += 1;
        state = { activeRun: `r${runs}`, dirty: false };
        unread = 0;
      };
      const end = () => {
        const { type } = decideFinish(state, `r${runs}`);
        if (type === 'startNext') start();
        else if (type === 'release') state = { dirty: false };
      };
      for (const happening of happenings) {
        if (happening === 'end') {
          end();
          continue;
        }
        unread += 1;
        const { type } = decideStart(state, `r${runs + 1}`);
        if (type === 'start') start();
        else if (type === 'markDirty') state = { ...state, dirty: true };
      }
      while (state.activeRun) end();
      expect(unread).toBe(0);
    }),
  );
});

test('a run is named after its domain and the time of its start', () => {
  expect(runIdOf('commerce', new Date('2011-01-04T10:20:30.456Z'), '0badcafe99')).toBe(
    'commerce-20110104t102030-0badcafe',
  );
});
