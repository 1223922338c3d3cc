import type { Change, Verdicts } from '../../lib/compatibility/change.ts';
import type { CheckReport, JudgedChange, Judgement } from '../../lib/compatibility/check-contracts.ts';
import type { Consumer } from '../../lib/compatibility/find-consumers.ts';
import { indent, plural } from '../shared/format.ts';

/** Changes as a person reads them, the worst first. */
export function describeChanges(changes: readonly JudgedChange[]): string {
  if (changes.length === 0) return 'nothing changed';
  return worstFirst(changes).map(describeChange).join('\n');
}

const describeChange = (change: JudgedChange): string =>
  [
    `${verdictText(change).padEnd(46)}  ${kindText(change)}: ${change.path || 'the file'}${valuesText(change)}`,
    indent(change.waivedBy ? `waived by ${change.waivedBy}` : `${change.reason}; ${change.fix}`, '    '),
  ].join('\n');

export const verdictText = ({ readers, writers, trust }: Verdicts): string =>
  `readers ${sign(readers)}, writers ${sign(writers)}, trust ${sign(trust)}`;

export const sign = (verdict: Verdicts['readers']): string => (verdict === 'none' ? '–' : verdict);

/** `columnDropped` as `column dropped`. */
export const kindText = ({ kind }: Change): string => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What was and what is; nothing where only words differ. */
export function valuesText({ was, is }: Change): string {
  if (was === undefined && is === undefined) return '';
  return ` (${[was ?? 'nothing', is ?? 'nothing'].map(short).join(' → ')})`;
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

const RANK = ['break', 'review', 'safe', 'none'];

export function worstFirst<T extends Verdicts>(changes: readonly T[]): T[] {
  const rank = ({ readers, writers, trust }: T) =>
    Math.min(...[readers, writers, trust].map((verdict) => RANK.indexOf(verdict)));
  return [...changes].sort((a, b) => rank(a) - rank(b));
}

export function describeReport({ contracts, problems, unreadable, passed }: CheckReport): string {
  if (contracts.length + problems.length + unreadable.length === 0) return 'no contract changed';
  const missing = contracts.reduce((sum, each) => sum + each.problems.length, problems.length);
  const verdict = passed ? 'nothing is missing' : `${plural(missing, 'thing')} missing`;
  const faults = unreadable.map((text) => `cannot be read: ${text}`);
  return [...contracts.map(describeJudgement), ...faults, ...problems, verdict].join('\n\n');
}

function describeJudgement(judgement: Judgement): string {
  const { changes, consumers, roles, problems } = judgement;
  return [
    `${judgement.table} ${versionText(judgement)}`,
    indent(changes.length === 0 ? 'new' : describeChanges(changes)),
    ...(breaksReaders(judgement) ? [indent(`hits ${concernedText(consumers, roles)}`)] : []),
    ...problems.map((problem) => indent(`missing: ${problem}`)),
  ].join('\n');
}

export const versionText = ({ was, is }: Judgement): string => [was ?? 'new', is ?? 'gone'].join(' → ');

export const breaksReaders = ({ verdicts }: Judgement): boolean => verdicts.readers === 'break';

/** Who has to be told: the tables that are made of it with their owners, and the roles that read it. */
export function concernedText(consumers: readonly Consumer[], roles: readonly string[]): string {
  const tables = consumers.map(({ table, owner }) => (owner === undefined ? table : `${table} of ${owner}`));
  const named = [...tables, ...roles.map((role) => `role ${role}`)];
  return named.length > 0 ? named.join(', ') : 'no table and no role that contracts name';
}
