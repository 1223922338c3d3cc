import { type Contract, tableId } from './contract.ts';
import { type Section, sectionsOf } from './contract-sections.ts';

/** A contract as a page. The same contract is the same page, to the byte. */
export const contractMarkdown = (contract: Contract): string =>
  [`# ${escaped(contract.name ?? contract.table)}`, ...sectionsOf(contract).map(sectionMarkdown)]
    .join('\n\n')
    .concat('\n');

const sectionMarkdown = ({ title, rows }: Section): string => `## ${title}\n${tableMarkdown(rows)}`;

/** The table of contents of a project, by domain and layer. */
export function indexMarkdown(contracts: readonly Contract[]): string {
  const rows = contracts.map((contract) => ({
    table: `[${tableId(contract)}](${tableId(contract)}.md)`,
    version: contract.version,
    'one row': escaped(contract.granularity),
    owner: escaped(contract.owner),
  }));
  return `# Contracts\n\n${table(rows)}\n`;
}

const tableMarkdown = (rows: Section['rows']): string =>
  table(rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, escaped(value)]))));

function table(rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((name) => row[name] ?? ''))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What a contract says is text: nothing in it becomes a cell, a heading, a link or a tag. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>|#]/g, (each) => `\\${each}`).replace(/\s+/g, ' ');
