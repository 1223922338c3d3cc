import {
  EntityNotFoundException,
  GetTableCommand,
  type GlueClient,
  type Table,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import type { Catalogue, TableName } from './ports.ts';

/** Tables in Glue, which the Catalog stack creates from their contracts. */
export class GlueCatalogue implements Catalogue {
  private readonly client: GlueClient;

  constructor(client: GlueClient) {
    this.client = client;
  }

  async locate(name: TableName, uri: string): Promise<void> {
    const found = await this.find(name);
    const TableInput = inputOf(found, uri);
    // A version of each definition would be kept for ever, and there is one for each run.
    await this.client.send(new UpdateTableCommand({ DatabaseName: name.database, TableInput, SkipArchive: true }));
  }

  private async find({ database, table }: TableName): Promise<Table> {
    try {
      const { Table } = await this.client.send(new GetTableCommand({ DatabaseName: database, Name: table }));
      if (!Table) throw new Error(`'${database}.${table}': the catalogue answered without a table`);
      return Table;
    } catch (cause) {
      if (!(cause instanceof EntityNotFoundException)) throw cause;
      throw new Error(`'${database}.${table}' is not in the catalogue; deploy the catalog stack first`, { cause });
    }
  }
}

/**
 * An update replaces the whole definition, and refuses the fields that Glue itself writes.
 * Athena goes to the location; Spark reads the path among the serde's parameters and ignores the location.
 */
function inputOf(found: Table, uri: string): TableInput {
  const { Name, Description, Owner, Retention, PartitionKeys, TableType, Parameters, StorageDescriptor } = found;
  const kept = { Name, Description, Owner, Retention, PartitionKeys, TableType, Parameters };
  const SerdeInfo = { ...StorageDescriptor?.SerdeInfo };
  SerdeInfo.Parameters = { ...SerdeInfo.Parameters, path: uri };
  return { ...kept, StorageDescriptor: { ...StorageDescriptor, Location: uri, SerdeInfo } };
}
