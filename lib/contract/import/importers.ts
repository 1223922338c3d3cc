import type { Importer } from './import.ts';
import { importAvro } from './import-avro.ts';
import { importCollector } from './import-collector.ts';
import { importDbt } from './import-dbt.ts';
import { importJsonSchema } from './import-json-schema.ts';

/** DuckDB is loaded when it is asked for: it is large, and most commands need none. */
const importSql: Importer = async (text, report) => (await import('./import-sql.ts')).importSql(text, report);

/** The formats that a contract can be made of. */
export const IMPORTERS = {
  dbt: importDbt,
  'json-schema': importJsonSchema,
  avro: importAvro,
  sql: importSql,
  collector: importCollector,
} as const satisfies Readonly<Record<string, Importer>>;
export type ImportFormat = keyof typeof IMPORTERS;
