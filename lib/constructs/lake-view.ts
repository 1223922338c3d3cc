import { Aws } from 'aws-cdk-lib';
import { type CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { viewSql } from '../contract/compile-view.ts';
import { type Contract, databaseOf } from '../contract/contract.ts';
import { glueColumnsOf, trinoTypeOf } from './glue-types.ts';

export interface LakeViewProps {
  readonly database: CfnDatabase;
  /** An older version of a table, as a view. */
  readonly contract: Contract;
  /** The table whose rows it shows. */
  readonly newer: Contract;
}

/**
 * A view as Athena itself stores one. It is asked with the rights of who asks, so it shows nobody a column that they
 * may not read in the table behind it. Other engines see its name and columns, and cannot read it.
 */
export class LakeView extends Construct {
  readonly table: CfnTable;

  constructor(scope: Construct, id: string, { database, contract, newer }: LakeViewProps) {
    super(scope, id);
    this.table = new CfnTable(this, 'View', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: databaseOf(contract),
      tableInput: {
        name: contract.table,
        description: contract.description,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        viewOriginalText: originalText(contract, newer),
        viewExpandedText: '/* Presto View */',
        storageDescriptor: { columns: [...glueColumnsOf(contract)], serdeInfo: {} },
      },
    });
    this.table.addResourceDependency(database);
  }
}

function originalText(contract: Contract, newer: Contract): string {
  const columns = contract.columns.map((column) => ({ name: column.name, type: trinoTypeOf(column) }));
  const view = {
    originalSql: viewSql(contract, newer),
    catalog: 'awsdatacatalog',
    schema: databaseOf(contract),
    columns,
  };
  return `/* Presto View: ${Buffer.from(JSON.stringify(view)).toString('base64')} */`;
}
