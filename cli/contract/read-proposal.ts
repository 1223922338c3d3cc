import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Decision, readDecision } from '../../lib/compatibility/decision.ts';
import type { Proposal, Versions } from '../../lib/compatibility/proposal.ts';
import { describedOf } from '../../lib/compatibility/read-odcs.ts';
import { readWaiver, type Waiver } from '../../lib/compatibility/waiver.ts';
import type { ContractFile } from '../../lib/contract/contract-file.ts';
import { formatPastProblem, InvalidFilesError } from '../../lib/contract/problem.ts';
import { readProject } from '../../lib/contract/read-project.ts';
import { YamlSource } from '../../lib/contract/yaml-source.ts';
import type { GitTree } from './git-tree.ts';
import { readPast } from './read-past.ts';

/** All that is proposed to become of the contracts of a project since a commit. Files that are not committed count. */
export function readProposal(root: string, base: GitTree, terms: Pick<Proposal, 'today' | 'windowDays'>): Proposal {
  const { files, contracts, problems } = readProject(root);
  if (problems.length > 0) throw new InvalidFilesError(problems);
  const { files: before, unreadable } = readPast(root, base);
  return {
    ...terms,
    contracts,
    versions: pairUp(before, files, base.name),
    unreadable,
    served: files.flatMap((file) => describedOf(file) ?? []),
    decisions: decisionsOf(root),
    waivers: waiversOf(root),
  };
}

/** The same file, or the same contract in a file of another name. What is the same in both is left out. */
function pairUp(before: readonly ContractFile[], after: readonly ContractFile[], commit: string): Versions[] {
  const follows = (was: ContractFile, is: ContractFile) =>
    was.source.file === is.source.file || (was.odcs !== undefined && was.odcs.id === is.odcs?.id);
  const gone = before.filter((was) => !after.some((is) => follows(was, is))).flatMap((was) => describedOf(was) ?? []);
  const kept = after.flatMap(
    (is) =>
      versionsOf(
        before.find((was) => follows(was, is)),
        is,
        commit,
      ) ?? [],
  );
  return [...gone.map((was) => ({ was })), ...kept];
}

function versionsOf(old: ContractFile | undefined, file: ContractFile, commit: string): Versions | undefined {
  const [was, is] = [old && describedOf(old), describedOf(file)];
  if (!is || isDeepStrictEqual(was?.odcs, is.odcs)) return undefined;
  const [problem] = old && !was ? old.problems : [];
  return { is, ...(was && { was }), ...(problem && { unreadable: formatPastProblem(problem, commit) }) };
}

function decisionsOf(root: string): Decision[] {
  return filesIn(root, 'docs/decisions', '.md').map((file) =>
    readDecision(file, readFileSync(path.join(root, file), 'utf8')),
  );
}

/** @throws InvalidFilesError with all that is wrong in any of them */
function waiversOf(root: string): Waiver[] {
  const domains = readdirSync(path.join(root, 'domains'));
  const files = domains.flatMap((domain) => filesIn(root, `domains/${domain}/waivers`, '.yaml'));
  const read = files.map((file) => readWaiver(new YamlSource(file, readFileSync(path.join(root, file), 'utf8'))));
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) throw new InvalidFilesError(problems);
  return read.flatMap((each) => (each.ok ? [each.value] : []));
}

function filesIn(root: string, folder: string, ending: string): string[] {
  const place = path.join(root, folder);
  if (!existsSync(place)) return [];
  const names = readdirSync(place).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => `${folder}/${name}`);
}
