import { Aws, type CfnResource } from 'aws-cdk-lib';
import { CfnTagAssociation } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import { MOST_SENSITIVE, type Sensitivity, type Tier } from './access-tags.ts';
import { OneByOne } from './one-by-one.ts';

/** How sensitive a domain's databases, tables and columns are; grants by these tags decide who reads them. */
export class CatalogTags extends Construct {
  private readonly turn = new OneByOne();

  /** A database is tagged as strictly as can be, so a table that no contract describes inherits nobody's tags. */
  tagDatabase(database: CfnResource, name: string, { tier, domain }: { tier: Tier; domain: string }): void {
    const lfTags = [...pairsOf({ tier, domain }), ...pairsOf(MOST_SENSITIVE)];
    const resource = { database: { catalogId: Aws.ACCOUNT_ID, name } };
    this.turn.next(new CfnTagAssociation(this, `Tags-${name}`, { resource, lfTags })).addResourceDependency(database);
  }

  tagTable(table: CfnResource, at: { database: string; name: string }, sensitivity: Sensitivity): void {
    const resource = { table: { catalogId: Aws.ACCOUNT_ID, databaseName: at.database, name: at.name } };
    const id = `Tags-${at.database}-${at.name}`;
    const lfTags = pairsOf(sensitivity);
    this.turn.next(new CfnTagAssociation(this, id, { resource, lfTags })).addResourceDependency(table);
  }

  /** One association for all columns that are equally sensitive. */
  tagColumns(
    table: CfnResource,
    at: { database: string; name: string },
    columns: ReadonlyMap<string, Sensitivity>,
  ): void {
    for (const [id, { names, sensitivity }] of bySensitivity(columns)) {
      const { database: databaseName, name } = at;
      const resource = { tableWithColumns: { catalogId: Aws.ACCOUNT_ID, databaseName, name, columnNames: names } };
      const lfTags = pairsOf(sensitivity);
      const association = new CfnTagAssociation(this, `Tags-${databaseName}-${name}-${id}`, { resource, lfTags });
      this.turn.next(association).addResourceDependency(table);
    }
  }
}

type Pairs = CfnTagAssociation.LFTagPairProperty[];

const pairsOf = (tags: object): Pairs =>
  Object.entries(tags).map(([tagKey, value]) => ({ catalogId: Aws.ACCOUNT_ID, tagKey, tagValues: [String(value)] }));

function bySensitivity(columns: ReadonlyMap<string, Sensitivity>) {
  const groups = new Map<string, { names: string[]; sensitivity: Sensitivity }>();
  for (const [name, sensitivity] of columns) {
    const id = `${sensitivity.class}-${sensitivity.pii}`;
    const group = groups.get(id) ?? { names: [], sensitivity };
    groups.set(id, { ...group, names: [...group.names, name] });
  }
  return groups;
}
