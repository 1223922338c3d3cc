import { contractMarkdown } from '../contract-markdown.ts';
import type { Exporter } from './export.ts';
import { exportAvro } from './export-avro.ts';
import { exportDbt } from './export-dbt.ts';
import { exportJsonSchema } from './export-json-schema.ts';
import { exportOdcs } from './export-odcs.ts';
import { exportOpenSlo } from './export-openslo.ts';
import { exportSql } from './export-sql.ts';
import type { SqlDialect } from './types-in-sql.ts';

/** The page that `sluice contract docs` writes. */
const exportMarkdown: Exporter = ({ contract }) => contractMarkdown(contract);

/** The formats that a contract can be had in. */
export const EXPORTERS = {
  'odcs-3.1': () => exportOdcs,
  'json-schema': () => exportJsonSchema,
  avro: () => exportAvro,
  openslo: () => exportOpenSlo,
  dbt: () => exportDbt,
  markdown: () => exportMarkdown,
  sql: exportSql,
} as const satisfies Readonly<Record<string, (dialect: SqlDialect) => Exporter>>;
export type ExportFormat = keyof typeof EXPORTERS;
