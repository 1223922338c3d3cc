import fc from 'fast-check';
import { BLOCK_BYTES, findDamage, isSealed, sealOf } from '../../../lib/evidence/seal.ts';

const documents = fc.uint8Array({ minLength: 1, maxLength: 1000 });

test('a document is sealed as it is, whatever it holds', () => {
  fc.assert(fc.property(documents, (bytes) => isSealed(bytes, sealOf(bytes))));
});

test('of a changed byte it is told where it is, what it is and what it was', () => {
  fc.assert(
    fc.property(documents, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, place, flip) => {
      const offset = place % bytes.length;
      const changed = bytes.slice();
      changed[offset] = (bytes[offset] ?? 0) ^ flip;
      const { changes, restored } = findDamage(changed, sealOf(bytes));
      expect(changes).toEqual([{ offset, length: 1, was: bytes[offset], is: changed[offset] }]);
      expect(restored).toEqual(bytes);
    }),
    { numRuns: 40 },
  );
});

test('changed bytes are told one by one where each is alone in its block', () => {
  const bytes = new Uint8Array(4 * BLOCK_BYTES).fill(65);
  const changed = bytes.slice();
  changed[3] = 1;
  changed[BLOCK_BYTES + 7] = 2;
  const { changes, restored } = findDamage(changed, sealOf(bytes));
  expect(changes.map(({ offset, was, is }) => [offset, was, is])).toEqual([
    [3, 65, 1],
    [BLOCK_BYTES + 7, 65, 2],
  ]);
  expect(restored).toEqual(bytes);
});

test('of several changed bytes of one block, the block is told', () => {
  const bytes = new Uint8Array(3 * BLOCK_BYTES).fill(65);
  const changed = bytes.slice();
  changed.set([1, 2], BLOCK_BYTES + 5);
  expect(findDamage(changed, sealOf(bytes))).toEqual({
    changes: [{ offset: BLOCK_BYTES, length: BLOCK_BYTES }],
    restored: null,
  });
});

test('bytes that were taken out or put in are told from the block on in which it begins', () => {
  fc.assert(
    fc.property(documents, fc.nat(), fc.boolean(), (bytes, place, isLonger) => {
      const at = place % bytes.length;
      const rest = bytes.slice(isLonger ? at : at + 1);
      const changed = Uint8Array.from([...bytes.slice(0, at), ...(isLonger ? [7] : []), ...rest]);
      const { changes, restored } = findDamage(changed, sealOf(bytes));
      const [{ offset, length } = { offset: -1, length: 0 }] = changes;
      expect(changes).toHaveLength(1);
      // All bytes before the place may be the same as those behind it.
      expect(offset % BLOCK_BYTES === 0 || offset === changed.length).toBe(true);
      expect(offset + length).toBe(Math.max(bytes.length, changed.length));
      expect(changed.slice(0, offset)).toEqual(bytes.slice(0, offset));
      expect(restored).toBeNull();
    }),
  );
});

test('another document altogether is told at once', () => {
  const [bytes, other] = [1, 2].map((value) => new Uint8Array(100 * BLOCK_BYTES).fill(value));
  const { changes } = findDamage(other ?? new Uint8Array(), sealOf(bytes ?? new Uint8Array()));
  expect(changes).toHaveLength(100);
});
