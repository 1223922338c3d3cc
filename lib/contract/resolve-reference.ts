import path from 'node:path';
import type { Column, Contract } from './contract.ts';
import type { ContractFile } from './contract-file.ts';
import { notAllowed, type Report } from './problem.ts';
import { parseReference, type Reference } from './reference.ts';

/** A column, and the table that has it. */
export interface Target {
  readonly contract: Contract;
  readonly column: Column;
}

/**
 * The column that a reference in a file points to. Undefined, with a report, when there is none; without a report when
 * the contract that has it is itself at fault, and is told of.
 */
export function resolveReference(
  text: string,
  from: ContractFile,
  files: readonly ContractFile[],
  report: Report,
): Target | undefined {
  const reference = parseReference(text);
  const file = reference && fileOf(reference, from, files, report);
  if (!reference || !file?.contract || !file.odcs) return undefined;
  const [step, ...deeper] = reference.columns;
  if (step === undefined || deeper.length > 0) {
    report([], `found '${text}', a nested value, allowed: a column`);
    return undefined;
  }
  const name = reference.by === 'id' ? nameOfId(file, step) : step;
  const column = file.contract.columns.find((each) => each.name === name);
  if (!column) report([], notAllowed(step, stepsOf(file, reference), `these are the columns of ${file.source.file}`));
  return column && { contract: file.contract, column };
}

function fileOf(
  reference: Reference,
  from: ContractFile,
  files: readonly ContractFile[],
  report: Report,
): ContractFile | undefined {
  if (reference.by === 'name') return fileOfTable(reference.table, from, files, report);
  const file = reference.file === undefined ? from : fileAt(reference.file, from, files, report);
  const [table] = file?.odcs?.schema ?? [];
  const id = table?.id ?? table?.name;
  if (id === undefined || id === reference.table) return file;
  report([], notAllowed(reference.table, [id], `this is the table of ${file?.source.file}`));
  return undefined;
}

/** A name alone is that of a table beside this one: of its domain and its layer. */
function fileOfTable(
  table: string,
  { place }: ContractFile,
  files: readonly ContractFile[],
  report: Report,
): ContractFile | undefined {
  const beside = files.filter((file) => file.place.domain === place.domain && file.place.layer === place.layer);
  const found = beside.find((file) => file.place.table === table);
  const names = beside.map((file) => file.place.table);
  if (!found) report([], notAllowed(table, names, `these are the tables of ${place.domain}.${place.layer}`));
  return found;
}

function fileAt(
  file: string,
  from: ContractFile,
  files: readonly ContractFile[],
  report: Report,
): ContractFile | undefined {
  const folder = path.posix.dirname(from.source.file);
  const found = files.find((each) => each.source.file === path.posix.join(folder, file));
  const allowed = files.map((each) => path.posix.relative(folder, each.source.file));
  if (!found) report([], notAllowed(file, allowed, 'a path is relative to the folder of this file'));
  return found;
}

/** The standard refers by ids; a column without one is known by its name. */
function nameOfId(file: ContractFile, id: string): string | undefined {
  const properties = file.odcs?.schema[0]?.properties ?? [];
  return properties.find((property) => (property.id ?? property.name) === id)?.name;
}

const stepsOf = ({ odcs }: ContractFile, { by }: Reference): string[] =>
  (odcs?.schema[0]?.properties ?? []).map(({ id, name }) => (by === 'id' ? (id ?? name) : name));
