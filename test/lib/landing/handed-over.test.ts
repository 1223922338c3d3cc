import { handedOver } from '../../../lib/landing/column-builder.ts';

test.each([0, 1, 31, 32, 64])('of a buffer of 64, %i values that were handed over stay what they are', (used) => {
  const buffer = Int32Array.from({ length: 64 }, (_, i) => i + 1);
  const [data, next] = handedOver(buffer, used);
  next.fill(-1);
  expect([...data]).toEqual(Array.from({ length: used }, (_, i) => i + 1));
  expect(next).toHaveLength(64);
});
