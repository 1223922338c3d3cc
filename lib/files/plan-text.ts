import type { FileForm } from '../source/source-mapping.ts';
import { bytesOf } from './file-bytes.ts';
import { type Part, type Position, type RandomAccess, START } from './file-rows.ts';
import { quotingOf } from './read-text.ts';
import { splitLines } from './split-lines.ts';

/**
 * Cuts a plain text file into parts of whole lines, no smaller than so many bytes. It reads the file to its end: only
 * so are the numbers of its lines known, and which line breaks stand within a value. That costs seconds, where to make
 * rows costs minutes.
 */
export async function planText(file: RandomAccess, form: FileForm, partBytes: number): Promise<Part[]> {
  const parts: Part[] = [];
  let from: Position = START;
  for await (const { lines } of splitLines(bytesOf(file), START, quotingOf(form)))
    for (const { offset, number } of lines) {
      if (offset - from.offset < partBytes) continue;
      parts.push({ from, to: offset });
      from = { offset, number };
    }
  return [...parts, { from, to: file.size }];
}
