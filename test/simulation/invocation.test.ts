import { type FaultKind, Invocation } from './invocation.ts';

/** Three effects, of which the second goes wrong. */
async function run(kind: FaultKind) {
  const done: number[] = [];
  const invocation = new Invocation({ at: 1, kind });
  const ended = await invocation.run(async (it) => {
    for (const each of [0, 1, 2]) await it.effect(() => done.push(each));
  });
  return { done, ended: ended.type, invocation };
}

test.each([
  ['Refused', 'Threw', [0]],
  ['Down', 'Threw', [0]],
  ['AnswerLost', 'Threw', [0, 1]],
  ['CrashBefore', 'Died', [0]],
  ['CrashAfter', 'Died', [0, 1]],
  ['Frozen', 'Died', [0]],
] as const)('%s: the invocation %s after these effects: %j', async (kind, ended, done) => {
  expect(await run(kind)).toMatchObject({ ended, done });
});

test('a frozen invocation goes on where it stood', async () => {
  const { done, invocation } = await run('Frozen');
  await invocation.thaw();
  expect(done).toEqual([0, 1, 2]);
});
