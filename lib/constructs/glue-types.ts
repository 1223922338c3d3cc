import { readFileSync } from 'node:fs';
import type { Column, Contract, Field } from '../contract/contract.ts';
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
export function technicalColumnsOf({ layer }: Contract): readonly GlueColumn[] {
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
