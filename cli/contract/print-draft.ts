import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import type { Draft } from '../../lib/contract/draft/draft.ts';
import { CONFIRM, writeDraft } from '../../lib/contract/draft/write-draft.ts';
import { formatPath, type Report } from '../../lib/contract/problem.ts';
import { OperationError } from '../shared/errors.ts';
import { plural } from '../shared/format.ts';

export const outOption = (): Option =>
  new Option(
    '--out <file|folder>',
    'the file, or a project to put it in its place there; standard output when left out',
  );

/** What has no equal goes to standard error. */
export const printLoss: Report = (where, text) => {
  console.error([formatPath(where), text].filter(Boolean).join(': '));
};

/** Writes a draft where it was asked for, and says how much of it a person must confirm. Overwrites nothing. */
export function printDraft(draft: Draft, out: string | undefined): void {
  const { text, doubts } = writeDraft(draft, printLoss);
  if (out === undefined) process.stdout.write(text);
  else console.error(`wrote ${writeNew(placeOf(draft, out), text)}`);
  if (doubts > 0) console.error(`${plural(doubts, 'place')} marked ${CONFIRM}: proposed, for a person to look at`);
}

/** A folder is a project, in which a contract has its place. */
const placeOf = ({ domain, layer, table }: Draft, out: string): string =>
  /\.ya?ml$/.test(out) ? out : path.join(out, 'domains', domain, 'contracts', layer, `${table}.odcs.yaml`);

function writeNew(file: string, text: string): string {
  if (existsSync(file)) throw new OperationError(`${file} is there already; remove it, or name another --out`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
