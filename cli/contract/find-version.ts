import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Described } from '../../lib/compatibility/compare-contracts.ts';
import { readOdcs } from '../../lib/compatibility/read-odcs.ts';
import { LAYERS } from '../../lib/contract/contract.ts';
import { formatPastProblem, formatProblem, InvalidFilesError } from '../../lib/contract/problem.ts';
import { variablesFor } from '../../lib/contract/variables.ts';
import { OperationError, UsageError } from '../shared/errors.ts';
import { GitTree } from './git-tree.ts';

/**
 * A version of a contract by what a person calls it: a file, or `<domain>.<layer>.<table>`, each as it is now or, with
 * `@<branch, tag or commit>` behind it, as it was.
 */
export function findVersion(root: string, name: string): Described {
  if (existsSync(name)) return readFile(name, name);
  const [subject, ref] = splitRef(name);
  const file = fileOf(root, subject);
  const domain = file.split('/').slice(0, 2).join('/');
  return ref === undefined
    ? readFrom(root, file, name)
    : GitTree.at(root, ref).withFiles(domain, (place) => namingRef(ref, () => readFrom(place, file, name)));
}

/** Whatever is wrong with variables that lay beside it is wrong with those of then. */
function namingRef<T>(ref: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidFilesError)) throw error;
    const texts = error.problems.map((each) =>
      each.file.endsWith(`@${ref}`) ? formatProblem(each) : formatPastProblem(each, ref),
    );
    throw new OperationError(texts.join('\n'), { cause: error });
  }
}

function readFrom(root: string, file: string, name: string): Described {
  const place = path.join(root, file);
  if (!existsSync(place)) throw new OperationError(`found no contract '${name}': no file ${file}`);
  return readFile(place, name);
}

/** With the variables that lie beside it, which are those of the same commit. */
const readFile = (place: string, name: string): Described =>
  readOdcs(name, readFileSync(place, 'utf8'), variablesFor(place));

function splitRef(name: string): [subject: string, ref?: string] {
  const at = name.indexOf('@');
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}

/** Relative to the project. */
function fileOf(root: string, subject: string): string {
  if (/\.ya?ml$/.test(subject)) return path.relative(root, path.resolve(subject)).split(path.sep).join('/');
  const [domain, layer, table, ...more] = subject.split('.');
  if (table && more.length === 0 && LAYERS.some((known) => known === layer))
    return `domains/${domain}/contracts/${layer}/${table}.odcs.yaml`;
  const allowed = `a file, or <domain>.<${LAYERS.join('|')}>.<table>, with @<ref> for how it was`;
  throw new UsageError(`found '${subject}', allowed: ${allowed}`);
}
