import fc from 'fast-check';
import type { FilePart, LandedFile } from '../../../lambdas/shared/file-ports.ts';
import { countLine, csv, FileDesk, QUARANTINE, STOCK, STOCK_FOLDER } from './file-desk.ts';

const good = (n: number): string => countLine(`P${n}`, n);
const LINES = [good, (n: number) => `P${n};ragged`, (n: number) => countLine(`P${n}`, 'many')];

/** What goes wrong with a call: its stage is down, its message comes again, its time is short. */
const call = fc.record({ isDown: fc.boolean(), isRepeated: fc.boolean(), isShort: fc.boolean(), which: fc.nat() });
type Call = typeof call extends fc.Arbitrary<infer C> ? C : never;

/** Calls the lander with one message after the other, in any order, until none is left: what failed comes again. */
async function play(desk: FileDesk, file: LandedFile, calls: readonly Call[]): Promise<void> {
  const waiting: (FilePart | 'file')[] = ['file'];
  for (const { isDown, isRepeated, isShort, which } of calls) {
    waiting.push(...desk.queue.parts.splice(0));
    const [message = 'file'] = waiting.splice(which % Math.max(waiting.length, 1), 1);
    if (isRepeated) waiting.push(message);
    desk.staging.broken = isDown ? /./ : /^$/;
    const landed = message === 'file' ? desk.announce(file, () => isShort) : desk.landPart(message, () => isShort);
    await landed.catch(() => waiting.push(message));
  }
  desk.staging.broken = /^$/;
  waiting.push(...desk.queue.parts.splice(0));
  for (const message of waiting) await (message === 'file' ? desk.land(file) : desk.landPart(message));
  await desk.landDue();
  await desk.land(file);
}

test('whatever fails, comes again or is cut, what went in is what came out, each row once', async () => {
  const kinds = fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 1, maxLength: 60 });
  const partBytes = fc.constantFrom(200, 700, 100_000);
  const history = fc.asyncProperty(kinds, partBytes, fc.array(call, { maxLength: 20 }), async (lines, bytes, calls) => {
    const desk = new FileDesk({ partBytes: bytes });
    const content = csv(...lines.map((kind, n) => LINES[kind]?.(n) ?? ''));
    const file = desk.files.put(`${STOCK_FOLDER}a.csv`, content);
    await play(desk, file, calls);
    const [landed, held] = [await desk.rows(STOCK), await desk.rows(QUARANTINE)];
    expect([landed.length, held.length]).toEqual([
      lines.filter((kind) => kind === 0).length,
      lines.filter((kind) => kind !== 0).length,
    ]);
    expect(desk.produced()).toEqual({ [STOCK]: lines.length });
    expect(desk.item(file)).toMatchObject({ state: 'landed', rows: lines.length, landed: landed.length });
  });
  await fc.assert(history, { numRuns: 60 });
}, 120_000);
