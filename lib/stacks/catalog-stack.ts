import { Aws, type CustomResource, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnDatabase, type CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import {
  MOST_SENSITIVE,
  type Sensitivity,
  sensitivityOf,
  sensitivityOfTable,
  TECHNICAL,
  type Tier,
} from '../constructs/access-tags.ts';
import { CatalogTags } from '../constructs/catalog-tags.ts';
import { DeltaTable } from '../constructs/delta-table.ts';
import { glueColumnsOf, quarantineColumns, technicalColumnsOf } from '../constructs/glue-types.ts';
import { Lake } from '../constructs/lake.ts';
import { LakeView } from '../constructs/lake-view.ts';
import { readParameter } from '../constructs/names.ts';
import { TableEvolution } from '../constructs/table-evolution.ts';
import { type Contract, databaseOf, isStored, LAYERS, tableId } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { SLOTS } from '../plan/plan.ts';

export interface CatalogStackProps extends StackProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
}

/** The tables that a domain's contracts promise, and how sensitive each column is. */
export class CatalogStack extends Stack {
  readonly domain: string;
  private readonly lake: Lake;
  private readonly sensitivity: CatalogTags;
  private readonly evolved: CustomResource;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: CatalogStackProps,
  ) {
    super(scope, id, settings);
    const { environment, domain, contracts } = settings;
    this.domain = domain;
    this.lake = new Lake(this, 'Lake', environment);
    this.sensitivity = new CatalogTags(this, 'Tags');
    const stored = contracts.filter(isStored);
    const { lake } = this;
    this.evolved = new TableEvolution(this, 'Evolution', { environment, domain, contracts: stored, lake }).resource;
    for (const layer of LAYERS) {
      const database = this.addTagged(layer);
      for (const contract of contracts.filter((one) => one.layer === layer)) this.addTable(contract, database);
    }
    this.addQuarantine(this.addTagged('ops'));
    // Where gold is built and checked before it is published: Spark's alone, so it has no tags and no grants.
    for (const slot of SLOTS) this.addDatabase(`${domain}_gold_${slot}`, lake.uri('gold', `${domain}/${slot}/`));
  }

  /** Tables first: where one cannot become what its contract says, the catalogue must not say so either. */
  private addTagged(tier: Tier): CfnDatabase {
    const { domain } = this.settings;
    const name = `${domain}_${tier}`;
    const database = this.addDatabase(name, this.lake.uri(tier, `${domain}/`));
    database.node.addDependency(this.evolved);
    this.sensitivity.tagDatabase(database, name, { tier, domain });
    return database;
  }

  private addDatabase(name: string, locationUri: string): CfnDatabase {
    const databaseInput = { name, locationUri };
    return new CfnDatabase(this, `Database-${name}`, { catalogId: Aws.ACCOUNT_ID, databaseInput });
  }

  private addTable(contract: Contract, database: CfnDatabase): void {
    const columns = new Map<string, Sensitivity>([
      ...contract.columns.map((column) => [column.name, sensitivityOf(column, contract.layer)] as const),
      ...technicalColumnsOf(contract).map((column) => [column.name, TECHNICAL] as const),
    ]);
    const place = { database: databaseOf(contract), name: contract.table };
    const table = isStored(contract) ? this.addStored(contract, database) : this.addView(contract, database);
    this.tag(table, place, { table: sensitivityOfTable(contract), columns });
  }

  private addStored(contract: Contract, database: CfnDatabase): CfnTable {
    const { table: name, description } = contract;
    const databaseName = databaseOf(contract);
    const location = this.locationOf(contract);
    const what = { database, databaseName, name, description, location, columns: glueColumnsOf(contract) };
    return new DeltaTable(this, `Table-${databaseName}-${name}`, what).table;
  }

  /** An older version of a table, made of the newer one whenever somebody asks. */
  private addView(contract: Contract, database: CfnDatabase): CfnTable {
    const newer = this.settings.contracts.find((one) => tableId(one) === contract.versionOf);
    if (!newer) throw new Error(`${contract.file}: no contract for '${contract.versionOf}'`);
    return new LakeView(this, `View-${databaseOf(contract)}-${contract.table}`, { database, contract, newer }).table;
  }

  /** Consumers see the published slot: its name is read at each deploy, so that a deploy does not unpublish. */
  private locationOf({ domain, layer, table }: Contract): string {
    if (layer !== 'gold') return this.lake.uri(layer, `${domain}/${table}`);
    const slot = readParameter(this, this.settings.environment, domain, 'gold-slot');
    return this.lake.uri('gold', `${domain}/${slot}/${table}`);
  }

  private addQuarantine(database: CfnDatabase): void {
    const { domain } = this.settings;
    const columns = quarantineColumns();
    const sensitivity = columns.map(({ name }) => [name, WHAT_CAME.has(name) ? MOST_SENSITIVE : TECHNICAL] as const);
    const databaseName = `${domain}_ops`;
    const what = {
      name: 'quarantine',
      description: 'Records and rows that a gate refused, with the reasons',
      location: this.lake.uri('ops', `${domain}/quarantine`),
      columns,
    };
    const { table } = new DeltaTable(this, `Table-${databaseName}-quarantine`, { database, databaseName, ...what });
    const place = { database: databaseName, name: what.name };
    this.tag(table, place, { table: MOST_SENSITIVE, columns: new Map(sensitivity) });
  }

  private tag(
    table: CfnTable,
    place: { readonly database: string; readonly name: string },
    sensitivity: { readonly table: Sensitivity; readonly columns: ReadonlyMap<string, Sensitivity> },
  ): void {
    this.sensitivity.tagTable(table, place, sensitivity.table);
    this.sensitivity.tagColumns(table, place, sensitivity.columns);
  }
}

/** Whatever was sent, masked or sealed: nobody reads it without a grant of its own. */
const WHAT_CAME: ReadonlySet<string> = new Set(['payload', 'sealed']);
