import { Readable } from 'node:stream';

/** Lines as the text of a file. */
export const textOf = (lines: Iterable<string>): Readable => Readable.from(withEnds(lines));

function* withEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
