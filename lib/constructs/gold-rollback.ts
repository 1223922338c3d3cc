import { Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { allowPublish } from './event-bus.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { publishParameter } from './names.ts';
import { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';
import { PythonFunction } from './python-function.ts';
import { allowShowGold } from './show-gold.ts';

export interface GoldRollbackProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly deadLetters: IQueue;
}

/**
 * Shows consumers an earlier publication of a domain's gold when a person asks for it. Two functions, since one of them
 * knows Delta and the other one what is published.
 */
export class GoldRollback extends Construct {
  readonly rollBack: NodeFunction;
  readonly restore: PythonFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GoldRollbackProps,
  ) {
    super(scope, id);
    this.restore = this.restoreTables();
    this.rollBack = this.rollBackTables();
    const { environment, domain } = props;
    for (const [name, { function: fn }] of [
      ['roll-back', this.rollBack],
      ['restore-tables', this.restore],
    ] as const)
      publishParameter(this, `FunctionName-${name}`, {
        ...{ environment, path: [domain, `${name}-function`], value: fn.functionName },
      });
  }

  /** It writes to logs of tables alone, and deletes nothing. */
  private restoreTables(): PythonFunction {
    const { environment, domain, contracts, lake, deadLetters } = this.props;
    const fn = new PythonFunction(this, 'RestoreTables', {
      ...{ environment, domain, contracts, deadLetters },
      name: 'restore-tables',
      description: 'Takes tables of a domain back to earlier versions',
      memoryMb: 1024,
      timeout: Duration.minutes(2),
    });
    for (const zone of ['silver', 'gold'] as const) lake.grantReadWrite(fn, zone, `${domain}/`);
    return fn;
  }

  private rollBackTables(): NodeFunction {
    const { environment, domain, contracts, ledger, deadLetters } = this.props;
    const fn = new NodeFunction(this, 'RollBackTables', {
      ...{ environment, domain, contracts, deadLetters },
      name: 'roll-back-tables',
      description: 'Shows consumers an earlier publication of gold',
      memoryMb: 512,
      // A check and up to three restores.
      timeout: Duration.minutes(8),
    });
    ledger.grantReadWrite(fn);
    allowShowGold(fn, this.props);
    allowPublish(fn);
    fn.addSetting('RESTORE_FUNCTION', this.restore.function.functionName);
    allow(fn.role, { actions: ['lambda:InvokeFunction'], resources: [this.restore.function.functionArn] });
    return fn;
  }
}
