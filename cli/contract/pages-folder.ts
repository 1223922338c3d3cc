import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { OperationError } from '../shared/errors.ts';

/** Lists the pages that were written into a folder, with the hash of each. */
const LIST = '.contract-pages.json';

/** By the names of files: texts, or hashes of them. */
type Pages = Readonly<Record<string, string>>;

const listed = z.record(z.string().regex(/^[\w-][\w.-]*\.md$/), z.string());

/**
 * Writes pages into a folder, and takes away those that it wrote there before and are no more. What somebody else put
 * there stays, and so does a page that is no more but was changed since. @returns the names of those that it took away
 * @throws OperationError, and writes nothing, where a page of somebody else stands in the way
 */
export function writePages(folder: string, pages: Pages): string[] {
  const before = listOf(folder);
  refuseForeign(folder, pages, before);
  mkdirSync(folder, { recursive: true });
  const stale = Object.keys(before).filter((name) => !(name in pages) && isAsWritten(folder, name, before[name]));
  for (const name of stale) rmSync(path.join(folder, name));
  for (const [name, text] of Object.entries(pages)) writeFileSync(path.join(folder, name), text);
  const hashes = Object.fromEntries(Object.entries(pages).map(([name, text]) => [name, hashOf(text)]));
  writeFileSync(path.join(folder, LIST), `${JSON.stringify(hashes, undefined, 2)}\n`);
  return stale;
}

/** A README.md is as often written by a person; only what the list names was written here. */
function refuseForeign(folder: string, pages: Pages, own: Pages): void {
  const foreign = Object.entries(pages).filter(
    ([name, text]) => !(name in own) && isThere(folder, name) && !isAsWritten(folder, name, hashOf(text)),
  );
  if (foreign.length > 0)
    throw new OperationError(foreign.map(([name]) => `${path.join(folder, name)}: ${FOREIGN}`).join('\n'));
}

const FOREIGN = `found a page that this command did not write, allowed: none, or one that ${LIST} lists; move it, or name another folder with --out`;

/** Nothing where there is no list, or where what bears its name is none of ours. */
function listOf(folder: string): Pages {
  const file = path.join(folder, LIST);
  if (!existsSync(file)) return {};
  try {
    return listed.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

const isThere = (folder: string, name: string): boolean => existsSync(path.join(folder, name));

function isAsWritten(folder: string, name: string, hash: string | undefined): boolean {
  return isThere(folder, name) && hashOf(readFileSync(path.join(folder, name))) === hash;
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
