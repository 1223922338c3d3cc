import { createHash } from 'node:crypto';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Column, type Contract, type Field, tableId } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { systemColumns } from './glue-types.ts';
import type { Lake } from './lake.ts';
import { allow } from './permissions.ts';
import { PythonFunction } from './python-function.ts';

export interface TableEvolutionProps {
  readonly environment: Environment;
  readonly domain: string;
  /** Those of the domain. */
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
}

/**
 * Brings existing tables up to their contracts during the deploy: new optional columns are added, and any other change
 * fails the deploy with its reason. What depends on the resource comes after, or not at all.
 */
export class TableEvolution extends Construct {
  /** Updates whenever columns of the domain change. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: TableEvolutionProps) {
    super(scope, id);
    const { environment, domain, contracts, lake } = props;
    const evolve = new PythonFunction(this, 'Evolve', {
      environment,
      domain,
      contracts,
      name: 'evolve-tables',
      description: 'Adds new optional columns to existing tables and refuses any other change of a contract',
      memoryMb: 1024,
      timeout: Duration.minutes(5),
    });
    lake.grantReadWrite(evolve, 'bronze', `${domain}/`);
    lake.grantReadWrite(evolve, 'ops', `${domain}/quarantine/`);
    allow(evolve.role, { actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] });
    const bronze = contracts.filter(({ layer }) => layer === 'bronze');
    this.resource = new CustomResource(this, 'Tables', {
      resourceType: 'Custom::TableEvolution',
      serviceToken: evolve.function.functionArn,
      serviceTimeout: Duration.minutes(6),
      properties: {
        Domain: domain,
        Columns: digestOf(bronze),
        Required: Object.fromEntries(bronze.map((contract) => [tableId(contract), requiredPaths(contract.columns)])),
      },
    });
  }
}

/** Changes with any column that the domain's tables are to have. */
function digestOf(contracts: readonly Contract[]): string {
  const columns = contracts.map((contract) => [tableId(contract), contract.columns]);
  return createHash('sha256')
    .update(JSON.stringify([columns, systemColumns]))
    .digest('hex');
}

/** Paths of required columns and members, such as `lines[].line_no`. */
export const requiredPaths = (columns: readonly Column[], prefix = ''): string[] =>
  columns.flatMap((column) => {
    const path = `${prefix}${column.name}`;
    return [...(column.required ? [path] : []), ...requiredMembers(column, path)];
  });

function requiredMembers({ items, fields = [] }: Field, path: string): string[] {
  return items ? requiredMembers(items, `${path}[]`) : requiredPaths(fields, `${path}.`);
}
