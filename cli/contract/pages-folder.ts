import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** Lists the pages that were written into a folder, with the hash of each. */
const LIST = '.contract-pages.json';

const listed = z.record(z.string().regex(/^[\w-][\w.-]*\.md$/), z.string());

/**
 * Writes pages into a folder, and takes away those that it wrote there before and are no more. What somebody else put
 * there, or changed since, stays. @returns the names of those that it took away
 */
export function writePages(folder: string, pages: Readonly<Record<string, string>>): string[] {
  mkdirSync(folder, { recursive: true });
  const before = listOf(folder);
  const stale = Object.keys(before).filter((name) => !(name in pages) && isAsWritten(folder, name, before[name]));
  for (const name of stale) rmSync(path.join(folder, name));
  for (const [name, text] of Object.entries(pages)) writeFileSync(path.join(folder, name), text);
  const hashes = Object.fromEntries(Object.entries(pages).map(([name, text]) => [name, hashOf(text)]));
  writeFileSync(path.join(folder, LIST), `${JSON.stringify(hashes, undefined, 2)}\n`);
  return stale;
}

/** Nothing where there is no list, or where what bears its name is none of ours. */
function listOf(folder: string): Readonly<Record<string, string>> {
  const file = path.join(folder, LIST);
  if (!existsSync(file)) return {};
  try {
    return listed.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

function isAsWritten(folder: string, name: string, hash: string | undefined): boolean {
  const file = path.join(folder, name);
  return existsSync(file) && hashOf(readFileSync(file)) === hash;
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
