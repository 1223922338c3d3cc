import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { Command } from 'commander';
import { LAYERS } from '../lib/contract/contract.ts';
import { readGrants, readTaggedTables } from './grants/read-lake-formation.ts';
import { type Access, type Grant, resolveAccess } from './grants/resolve-access.ts';
import { indent, table } from './shared/format.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly json?: true;
}

async function grants({ json, ...target }: Options): Promise<void> {
  const { domains } = await Platform.open(target);
  const databases = domains.flatMap((domain) => [...LAYERS, 'ops'].map((layer) => `${domain}_${layer}`));
  const [given, tables] = await Promise.all([readGrants(new LakeFormationClient({})), readTaggedTables(databases)]);
  const access = resolveAccess(given, tables);
  if (json) printJson({ grants: given, access });
  else console.log(describeGrants(given, access));
}

/** The last part of a role's ARN: what people call it. */
const shortName = (principal: string): string => principal.split(/[/:]/).at(-1) ?? principal;

function describeGrants(given: readonly Grant[], access: readonly Access[]): string {
  const rules = given.map(({ principal, resourceType, permissions, expression }) => {
    const where = Object.entries(expression).map(([key, values]) => `${key} in (${values.join(', ')})`);
    return {
      principal: shortName(principal),
      may: permissions.join(', '),
      on: resourceType,
      where: where.join(' and '),
    };
  });
  return ['grants', indent(table(rules)), 'what they can read', indent(accessTable(access))].join('\n');
}

/** One line a table, one column a principal. */
function accessTable(access: readonly Access[]): string {
  const tables = [...new Set(access.map((each) => each.table))];
  return table(
    tables.map((name) => ({
      table: name,
      ...Object.fromEntries(
        access.filter((each) => each.table === name).map((each) => [shortName(each.principal), describeAccess(each)]),
      ),
    })),
  );
}

function describeAccess({ columns, hidden }: Access): string {
  if (columns.length === 0) return '–';
  return hidden.length === 0 ? 'all columns' : `all but ${hidden.join(', ')}`;
}

export const grantsCommand = (): Command =>
  new Command('grants')
    .description('show who may read which columns: the grants, and what they come to')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(grants);
