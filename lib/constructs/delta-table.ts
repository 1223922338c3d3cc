import { Aws } from 'aws-cdk-lib';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { GlueColumn } from './glue-types.ts';

export interface DeltaTableProps {
  readonly database: CfnDatabase;
  readonly databaseName: string;
  readonly name: string;
  readonly description: string;
  readonly columns: readonly GlueColumn[];
  /** Folder of the Delta table. */
  readonly location: string;
}

/**
 * A Delta table registered natively, with the columns of its contract. Not by a crawler, and not by Spark:
 * Spark would leave a placeholder for the columns, and Lake Formation decides by columns.
 */
export class DeltaTable extends Construct {
  readonly table: CfnTable;

  constructor(scope: Construct, id: string, props: DeltaTableProps) {
    super(scope, id);
    const { database, databaseName, name, description, columns, location } = props;
    this.table = new CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName,
      tableInput: {
        name,
        description,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'delta',
          table_type: 'DELTA',
          'spark.sql.sources.provider': 'delta',
        },
        storageDescriptor: storageOf(location, columns),
      },
    });
    this.table.addResourceDependency(database);
  }
}

/** Athena goes to the location; Spark reads the path among the parameters and ignores the location. */
const storageOf = (location: string, columns: readonly GlueColumn[]): CfnTable.StorageDescriptorProperty => ({
  columns: [...columns],
  location,
  inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
  serdeInfo: {
    serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    parameters: { 'serialization.format': '1', path: location },
  },
});
