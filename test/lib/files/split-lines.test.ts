import fc from 'fast-check';
import { START } from '../../../lib/files/file-rows.ts';
import { type Line, MAX_LINE_BYTES, splitLines } from '../../../lib/files/split-lines.ts';

const CSV = { quote: '"'.charCodeAt(0), delimiter: ','.charCodeAt(0) };

async function* inPieces(content: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function linesOf(content: Buffer, size = content.length || 1, quoting: typeof CSV | null = CSV) {
  const lines: Line[] = [];
  for await (const block of splitLines(inPieces(content, size), START, quoting ?? undefined))
    lines.push(...block.lines);
  return lines.map(({ bytes, ...line }) => ({ ...line, text: bytes?.toString('latin1') }));
}

const summary = async (text: string, quoting = CSV) =>
  (await linesOf(Buffer.from(text), undefined, quoting)).map(
    ({ number, text: found, hasStrayQuote }) => `${number}${hasStrayQuote ? '!' : ''}:${found}`,
  );

test.each([
  ['lines of either kind', 'a,b\r\nc,d\n', ['1:a,b', '2:c,d']],
  ['a last line without an end', 'a\nb', ['1:a', '2:b']],
  ['empty lines', '\n\na', ['1:', '2:', '3:a']],
  ['nothing', '', []],
  ['a value with line breaks', 'a,"b\nc"\nd', ['1:a,"b\nc"', '3:d']],
  ['quotes within a quoted value', '"a ""b"" c\n""",d\ne', ['1:"a ""b"" c\n""",d', '3:e']],
  ['a quote within a plain value', 'a"b\nc"\n', ['1:a"b', '2:c"']],
  ['a quote that nothing closes', 'a\n"b,c\nd\ne', ['1:a', '2!:"b,c', '3:d', '4:e']],
  ['text after a closing quote', '"a"b\nc', ['1!:"a"b', '2:c']],
  ['a quote that closes lines later, in the middle of a value', '"a\nb "c\nd', ['1!:"a', '2:b "c', '3:d']],
  ['a quoted last value before CRLF', 'a,"b"\r\nc', ['1:a,"b"', '2:c']],
])('%s', async (_, text, expected) => {
  expect(await summary(text, CSV)).toEqual(expected);
});

test('without a quote sign, every line break ends a line', async () => {
  expect(await linesOf(Buffer.from('"a\nb"'), 6, null)).toHaveLength(2);
});

test('a line that is too long is passed over, and holds up none', async () => {
  const long = `${'x'.repeat(MAX_LINE_BYTES + 1)}`;
  const lines = await linesOf(Buffer.from(`a\n${long}\nb\n"${long}\nc\n`), 60_000);
  expect(lines.map(({ number, text }) => [number, text])).toEqual([
    [1, 'a'],
    [2, undefined],
    [3, 'b'],
    [4, undefined],
    [5, 'c'],
  ]);
});

const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r'), maxLength: 200 });

test('however a file arrives in pieces, its lines are the same', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), fc.boolean(), async (content, size, isCsv) => {
      const bytes = Buffer.from(content);
      const quoting = isCsv ? CSV : null;
      expect(await linesOf(bytes, size, quoting)).toEqual(await linesOf(bytes, bytes.length || 1, quoting));
    }),
    { numRuns: 2000 },
  );
});

test('quoted values near the longest line are judged alike, however they arrive', async () => {
  const around = fc.integer({ min: MAX_LINE_BYTES - 3, max: MAX_LINE_BYTES + 3 });
  await fc.assert(
    fc.asyncProperty(around, fc.integer({ min: 50_000, max: 3_000_000 }), async (length, size) => {
      const bytes = Buffer.from(`"a\n${'x'.repeat(length)}"\nb\n`);
      expect(await linesOf(bytes, size)).toEqual(await linesOf(bytes));
    }),
    { numRuns: 30 },
  );
});

test('reading on from any line gives the lines that follow it', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.nat(), async (content, pick) => {
      const bytes = Buffer.from(content);
      const all = await linesOf(bytes);
      const { offset = 0, number = 1 } = all[pick % (all.length || 1)] ?? {};
      const rest: Line[] = [];
      for await (const block of splitLines(inPieces(bytes.subarray(offset), 7), { offset, number }, CSV))
        rest.push(...block.lines);
      expect(rest.map((line) => [line.number, line.offset, line.bytes?.toString('latin1')])).toEqual(
        all.filter((line) => line.offset >= offset).map((line) => [line.number, line.offset, line.text]),
      );
    }),
    { numRuns: 1000 },
  );
});
