import { Aws, type CustomResource, DefaultStackSynthesizer, Fn, Stack, type StackProps } from 'aws-cdk-lib';
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
import { DeltaTable } from '../constructs/delta-table.ts';
import { glueColumnsOf, quarantineColumns, technicalColumnsOf } from '../constructs/glue-types.ts';
import { Lake } from '../constructs/lake.ts';
import { LakeAccess } from '../constructs/lake-access.ts';
import { LakeLocations } from '../constructs/lake-locations.ts';
import { LakeReaders } from '../constructs/lake-readers.ts';
import { LakeSettings } from '../constructs/lake-settings.ts';
import { LakeView } from '../constructs/lake-view.ts';
import { readParameter } from '../constructs/names.ts';
import { TableEvolution } from '../constructs/table-evolution.ts';
import { type Contract, databaseOf, isStored, LAYERS, tableId } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { SLOTS } from '../plan/plan.ts';

export interface CatalogStackProps extends StackProps {
  readonly environment: Environment;
  readonly domains: readonly string[];
  readonly contracts: readonly Contract[];
}

/** The tables that contracts promise, and who may read which column of them. */
export class CatalogStack extends Stack {
  private readonly lake: Lake;
  private readonly governed: LakeLocations;
  private readonly access: LakeAccess;
  private readonly evolution: TableEvolution;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: CatalogStackProps,
  ) {
    super(scope, id, settings);
    const { environment, domains, contracts } = settings;
    this.lake = new Lake(this, 'Lake', environment);
    this.governed = this.governLake();
    this.access = new LakeAccess(this, 'LakeAccess', { domains, after: this.governed });
    this.evolution = new TableEvolution(this, 'Evolution', {
      environment,
      contracts: contracts.filter(isStored),
      lake: this.lake,
    });
    for (const domain of domains)
      this.addDomain(
        domain,
        contracts.filter((contract) => contract.domain === domain),
      );
    new LakeReaders(this, 'Readers', { environment, domains, access: this.access });
  }

  /** Settings first: what is created before them is open to all of IAM. */
  private governLake(): LakeLocations {
    const { environment } = this.settings;
    const deployingRole = this.deployingRole();
    const admins = [deployingRole, ...environment.access.adminRoles.map((name) => this.roleArn(name))];
    const settings = new LakeSettings(this, 'LakeSettings', { environment, admins });
    const zones = ['bronze', 'silver', 'gold', 'ops'] as const;
    const locations = new LakeLocations(this, 'LakeLocations', { lake: this.lake, zones, deployingRole });
    locations.node.addDependency(settings);
    return locations;
  }

  /** CloudFormation itself creates tags and grants, which only an administrator may. */
  private deployingRole(): string {
    const { synthesizer } = this;
    if (!(synthesizer instanceof DefaultStackSynthesizer)) throw new Error(`${this.stackName}: unknown synthesizer`);
    return Fn.sub(synthesizer.cloudFormationExecutionRoleArn);
  }

  private roleArn(resourceName: string): string {
    return this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
  }

  /** Tables first: where one cannot become what its contract says, the catalogue must not say so either. */
  private addDomain(domain: string, contracts: readonly Contract[]): void {
    const evolved = this.evolution.addDomain(domain);
    for (const layer of LAYERS) {
      const database = this.addDatabase(`${domain}_${layer}`, this.lake.uri(layer, `${domain}/`));
      database.node.addDependency(evolved);
      this.access.tagDatabase(database, `${domain}_${layer}`, { tier: layer, domain });
      for (const contract of contracts.filter((one) => one.layer === layer)) this.addTable(contract, database);
    }
    this.addQuarantine(domain, evolved);
    // Where gold is built and checked before it is published: Spark's alone, so it has no tags and no grants.
    for (const slot of SLOTS) this.addDatabase(`${domain}_gold_${slot}`, this.lake.uri('gold', `${domain}/${slot}/`));
  }

  private addDatabase(name: string, locationUri: string): CfnDatabase {
    const databaseInput = { name, locationUri };
    const database = new CfnDatabase(this, `Database-${name}`, { catalogId: Aws.ACCOUNT_ID, databaseInput });
    database.node.addDependency(this.governed);
    return database;
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

  private addQuarantine(domain: string, evolved: CustomResource): void {
    const tier: Tier = 'ops';
    const database = this.addDatabase(`${domain}_${tier}`, this.lake.uri(tier, `${domain}/`));
    database.node.addDependency(evolved);
    this.access.tagDatabase(database, `${domain}_${tier}`, { tier, domain });
    const columns = quarantineColumns();
    const sensitivity = columns.map(({ name }) => [name, WHAT_CAME.has(name) ? MOST_SENSITIVE : TECHNICAL] as const);
    const databaseName = `${domain}_${tier}`;
    const what = {
      name: 'quarantine',
      description: 'Records and rows that a gate refused, with the reasons',
      location: this.lake.uri(tier, `${domain}/quarantine`),
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
    this.access.tagTable(table, place, sensitivity.table);
    this.access.tagColumns(table, place, sensitivity.columns);
  }
}

/** Whatever was sent, masked or sealed: nobody reads it without a grant of its own. */
const WHAT_CAME: ReadonlySet<string> = new Set(['payload', 'sealed']);
