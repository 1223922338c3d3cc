import type { Column, Contract, Field, ScalarType } from '../contract.ts';
import type { Exporter } from './export.ts';
import { isRequired, reportChecks, reportPrivacy, withRequired } from './report-checks.ts';

type Schema = string | Schema[] | { readonly [key: string]: unknown };

/** A record of the row: decimals and times as logical types, what may be null as a union with null. */
export const exportAvro: Exporter = ({ contract }, report) => {
  reportChecks(contract, report, isRequired);
  reportPrivacy(report);
  return `${JSON.stringify(recordOfTable(withRequired(contract)), null, 2)}\n`;
};

const recordOfTable = ({ domain, layer, table, description, columns }: Contract): Schema => ({
  type: 'record',
  name: table,
  namespace: `${domain}.${layer}`,
  doc: description,
  fields: columns.map((column) => fieldOf(column, table)),
});

function fieldOf(column: Column, parent: string): Schema {
  const { name, description, required } = column;
  const type = schemaOf(column, `${parent}_${name}`);
  return {
    name,
    ...(description && { doc: description }),
    // Null comes first, for a default is one of the first branch.
    ...(required ? { type } : { type: ['null', type], default: null }),
  };
}

/** @param name of the record that the value may be: each record of a schema has a name of its own */
function schemaOf({ type, items, fields = [] }: Field, name: string): Schema {
  if (type === 'array') return { type: 'array', items: schemaOf(items ?? { type: 'string' }, name) };
  if (type === 'struct') return { type: 'record', name, fields: fields.map((field) => fieldOf(field, name)) };
  return scalarOf(type);
}

const LOGICAL: Readonly<Record<string, Schema>> = {
  date: { type: 'int', logicalType: 'date' },
  timestamp: { type: 'long', logicalType: 'timestamp-micros' },
};

function scalarOf(type: ScalarType): Schema {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return LOGICAL[type] ?? type;
  return { type: 'bytes', logicalType: 'decimal', precision: Number(precision), scale: Number(scale) };
}
