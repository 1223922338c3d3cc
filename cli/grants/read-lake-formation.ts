import { GlueClient, paginateGetTables } from '@aws-sdk/client-glue';
import {
  GetResourceLFTagsCommand,
  LakeFormationClient,
  type LFTagPair,
  type PrincipalResourcePermissions,
  paginateListPermissions,
} from '@aws-sdk/client-lakeformation';
import type { Grant, TaggedTable, Tags } from './resolve-access.ts';

/** Every grant by tags. */
export async function readGrants(client: LakeFormationClient): Promise<Grant[]> {
  const grants: Grant[] = [];
  for await (const page of paginateListPermissions({ client }, { ResourceType: 'LF_TAG_POLICY' })) {
    grants.push(...(page.PrincipalResourcePermissions ?? []).flatMap(grantOf));
  }
  return grants;
}

function grantOf({ Principal, Resource, Permissions = [] }: PrincipalResourcePermissions): Grant[] {
  const { Expression = [], ResourceType = '' } = Resource?.LFTagPolicy ?? {};
  if (Expression.length === 0) return [];
  const expression = Object.fromEntries(Expression.map(({ TagKey = '', TagValues = [] }) => [TagKey, TagValues]));
  const principal = Principal?.DataLakePrincipalIdentifier ?? '';
  return [{ principal, resourceType: ResourceType, permissions: Permissions, expression }];
}

/** The tables of these databases with the tags of each column. */
export async function readTaggedTables(databases: readonly string[]): Promise<TaggedTable[]> {
  const glue = new GlueClient({});
  const lakeFormation = new LakeFormationClient({});
  const tables: TaggedTable[] = [];
  for (const DatabaseName of databases) {
    for await (const { TableList = [] } of paginateGetTables({ client: glue }, { DatabaseName })) {
      for (const { Name = '' } of TableList) tables.push(await readTags(lakeFormation, DatabaseName, Name));
    }
  }
  return tables;
}

async function readTags(client: LakeFormationClient, DatabaseName: string, Name: string): Promise<TaggedTable> {
  const Resource = { Table: { DatabaseName, Name } };
  const found = await client.send(new GetResourceLFTagsCommand({ Resource, ShowAssignedLFTags: false }));
  const inherited = [...(found.LFTagOnDatabase ?? []), ...(found.LFTagsOnTable ?? [])];
  const columns = (found.LFTagsOnColumns ?? []).map(
    ({ Name: column = '', LFTags = [] }) => [column, tagsOf([...inherited, ...LFTags])] as const,
  );
  return { name: `${DatabaseName}.${Name}`, columns: new Map(columns) };
}

/** The nearest tag wins: a column's over its table's, a table's over its database's. */
const tagsOf = (pairs: readonly LFTagPair[]): Tags =>
  new Map(pairs.map(({ TagKey = '', TagValues = [] }) => [TagKey, TagValues[0] ?? '']));
