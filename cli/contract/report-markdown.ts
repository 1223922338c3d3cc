import type { CheckReport, JudgedChange, Judgement } from '../../lib/compatibility/check-contracts.ts';
import {
  breaksReaders,
  concernedText,
  kindText,
  sign,
  valuesText,
  versionText,
  worstFirst,
} from './describe-changes.ts';

/** The report as a comment on a pull request. What stands in contracts is shown as code, so that none of it is markup. */
export function reportMarkdown({ contracts, problems, unreadable, passed }: CheckReport): string {
  if (contracts.length + problems.length + unreadable.length === 0) return 'No contract changed.\n';
  const verdict = passed ? 'Contracts may change so: nothing is missing.' : 'Contracts may not change so yet.';
  const own = [...listUnder('Cannot be read', unreadable), ...listUnder('Waivers and older versions', problems)];
  return `${[`## ${verdict}`, ...contracts.map(section), ...own].join('\n\n')}\n`;
}

const listUnder = (title: string, texts: readonly string[]): string[] =>
  texts.length > 0 ? [`### ${title}\n\n${texts.map(item).join('\n')}`] : [];

const item = (text: string): string => `- ${code(text)}`;

function section(judgement: Judgement): string {
  const { table, changes, consumers, roles, problems } = judgement;
  const hits = breaksReaders(judgement) ? [`**Hits** ${code(concernedText(consumers, roles))}`] : [];
  const missing = problems.length > 0 ? [`**Missing**\n\n${problems.map(item).join('\n')}`] : [];
  const told = changes.length > 0 ? [changeTable(changes)] : [];
  return [`### ${code(table)} ${code(versionText(judgement))}`, ...told, ...hits, ...missing].join('\n\n');
}

function changeTable(changes: readonly JudgedChange[]): string {
  return [
    '| readers | writers | trust | change | where | why |',
    '|---|---|---|---|---|---|',
    ...worstFirst(changes).map(row),
  ].join('\n');
}

function row(change: JudgedChange): string {
  const { readers, writers, trust, path, reason, fix, waivedBy } = change;
  const where = code(`${path || 'the file'}${valuesText(change)}`);
  const why = waivedBy ? `waived by ${code(waivedBy)}` : `${reason}; ${fix}`;
  return `| ${[sign(readers), sign(writers), sign(trust), kindText(change), where, why].join(' | ')} |`;
}

/** A span of code that holds any text on one line, in a table too: longer fences than any run of backticks in it. */
function code(text: string): string {
  const line = text.replaceAll(/[\r\n]+/g, ' ').replaceAll('|', '¦');
  const fence = '`'.repeat(Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  return line.includes('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
