import { FifoQueue } from './fifo-queue.ts';

const INVISIBLE = 30;
const bodies = (messages: readonly { readonly body: string }[]) => messages.map(({ body }) => body);

test('a group with a message in flight gives no other; another group does', () => {
  const queue = new FifoQueue<string>(INVISIBLE, 3);
  for (const [group, body] of [
    ['a', '1'],
    ['a', '2'],
    ['b', '3'],
  ] as const)
    queue.send(group, body, body, 0);
  expect(bodies(queue.receive(1, 0))).toEqual(['1']);
  expect(bodies(queue.receive(10, 1))).toEqual(['3']);
  expect(bodies(queue.receive(10, INVISIBLE + 1))).toEqual(['1', '2', '3']);
});

test('the same message is dropped for five minutes, and is another one after that', () => {
  const queue = new FifoQueue<string>(INVISIBLE, 3);
  for (const at of [0, 299, 300]) queue.send('a', 'same', 'id', at);
  expect(queue.waiting).toHaveLength(2);
});

test('a message that is received too often becomes a dead letter, and comes back last', () => {
  const queue = new FifoQueue<string>(INVISIBLE, 2);
  for (const body of ['bad', 'good']) queue.send('a', body, body, 0);
  for (let now = 0; now < 4 * INVISIBLE; now += INVISIBLE) queue.receive(1, now);
  expect(bodies(queue.dead)).toEqual(['bad']);
  queue.redrive(200);
  expect(bodies(queue.waiting)).toEqual(['good', 'bad']);
});
