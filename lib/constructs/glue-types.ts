import { readFileSync } from 'node:fs';
import { type Column, type Contract, type Field, isStored } from '../contract/contract.ts';
import { projectPath } from './project.ts';

export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

/** What landing and commit-batches write. */
export const systemColumns: Readonly<Record<'bronze' | 'quarantine', readonly Pick<Column, 'name' | 'type'>[]>> =
  JSON.parse(readFileSync(projectPath('lib/landing/system-columns.json'), 'utf8'));

/** Written by refine, which orders events by them. */
const SILVER_COLUMNS: readonly GlueColumn[] = [
  { name: '_event_time', type: 'timestamp' },
  { name: '_sequence', type: 'string' },
  { name: '_event_id', type: 'string' },
  { name: '_run_id', type: 'string' },
  { name: '_contract_version', type: 'string' },
];

const plain = (column: Field & Pick<Column, 'name'>): GlueColumn => ({ name: column.name, type: glueTypeOf(column) });

/** One row per record or row that a gate refused. */
export const quarantineColumns = (): readonly GlueColumn[] => systemColumns.quarantine.map(plain);

/** The columns that a layer's engine adds to those of the contract. */
export function technicalColumnsOf({ layer, ...contract }: Contract): readonly GlueColumn[] {
  if (!isStored(contract)) return [];
  if (layer === 'bronze') return systemColumns.bronze.map(plain);
  return layer === 'silver' ? SILVER_COLUMNS : [];
}

export const glueColumnsOf = (contract: Contract): readonly GlueColumn[] => [
  ...contract.columns.map(glueColumnOf),
  ...technicalColumnsOf(contract),
];

const glueColumnOf = (column: Column): GlueColumn => ({
  name: column.name,
  type: glueTypeOf(column),
  // Glue refuses longer comments.
  ...(column.description ? { comment: column.description.slice(0, 255) } : {}),
});

/** A contract's type in Hive's words. */
export function glueTypeOf({ type, items, fields = [] }: Field): string {
  if (type === 'array') return `array<${items ? glueTypeOf(items) : 'string'}>`;
  if (type === 'struct') return `struct<${fields.map((field) => `${field.name}:${glueTypeOf(field)}`).join(',')}>`;
  return type === 'long' ? 'bigint' : type;
}

/** Athena takes a view for outdated when a column cannot become what is written down; any time can become this one. */
const TRINO: Readonly<Record<string, string>> = {
  string: 'varchar',
  int: 'integer',
  long: 'bigint',
  timestamp: 'timestamp(6) with time zone',
};

/** A contract's type in Trino's words, which Athena uses for views. */
export function trinoTypeOf({ type, items, fields = [] }: Field): string {
  if (type === 'array') return `array(${items ? trinoTypeOf(items) : 'varchar'})`;
  if (type === 'struct') return `row(${fields.map((field) => `"${field.name}" ${trinoTypeOf(field)}`).join(', ')})`;
  return TRINO[type] ?? type;
}
