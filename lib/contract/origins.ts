import { type Column, type Contract, tableId } from './contract.ts';
import { notAllowed, type Report } from './problem.ts';

/** The columns of an input that a column is made of: the one of its name, and those that it declares. */
export function originsOf(column: Column, offered: readonly Column[], input: Contract, report: Report): Column[] {
  const names = offered.map(({ name }) => name);
  const declared = (column.sources ?? []).map((source, index) => {
    const name = columnIn(source, input);
    if (name !== undefined && !names.includes(name)) {
      const fix = `these are the columns of ${tableId(input)}`;
      report(['transformSourceObjects', index], notAllowed(name, names, fix));
    }
    return name;
  });
  return offered.filter(({ name }) => name === column.name || declared.includes(name));
}

/** The column of a table that a source names; the standard lets a source name anything else as well. */
function columnIn(source: string, input: Contract): string | undefined {
  const table = [tableId(input), input.table].find((each) => source.startsWith(`${each}.`));
  return table === undefined ? undefined : source.slice(table.length + 1);
}
