import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoLedger } from '../../lambdas/shared/dynamo-ledger.ts';
import type { Ledger } from '../../lambdas/shared/ledger.ts';
import { type Contract, tableId } from '../../lib/contract/contract.ts';
import { loadContracts } from '../../lib/contract/load-contracts.ts';
import { type Accounts, quarantineOf } from './accounts.ts';
import { enterCloud } from './cloud.ts';
import { OperationError, UsageError } from './errors.ts';
import type { Target } from './options.ts';
import { PROJECT } from './project.ts';
import { Settings } from './settings.ts';

/** A deployed platform, as the commands see it. */
export class Platform {
  readonly domains: readonly string[];

  private constructor(
    readonly env: string,
    readonly settings: Settings,
    readonly ledger: Ledger,
    readonly contracts: readonly Contract[],
  ) {
    this.domains = [...new Set(contracts.map(({ domain }) => domain))];
  }

  /** Finds what is deployed. SDK clients made from here on talk to this environment. */
  static async open(target: Target): Promise<Platform> {
    await enterCloud(target);
    const settings = await Settings.load(new SSMClient({}), target.env);
    if (settings.isEmpty)
      throw new OperationError(`nothing is deployed in '${target.env}'; run \`sluice deploy\` first`);
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const ledger = new DynamoLedger(client, settings.get('ledger/table'));
    return new Platform(target.env, settings, ledger, loadContracts(PROJECT));
  }

  /** The domain a person means: the named one, or the only one there is. */
  domain(name: string | undefined): string {
    if (name !== undefined && this.domains.includes(name)) return name;
    const [only] = this.domains;
    if (name === undefined && only !== undefined && this.domains.length === 1) return only;
    const found = name === undefined ? 'no domain named' : `domain '${name}' is unknown`;
    throw new UsageError(`${found}; there are ${this.domains.join(', ')}`);
  }

  async accounts(domain: string): Promise<Accounts> {
    const ids = this.contracts
      .filter((contract) => contract.domain === domain && contract.layer !== 'gold')
      .map(tableId);
    const [sent, tables, state, [lastRun]] = await Promise.all([
      this.ledger.sent(domain),
      this.ledger.tables([...ids, quarantineOf(domain)]),
      this.ledger.domainState(domain),
      this.ledger.runs(domain, 1),
    ]);
    return { domain, sent, tables, state, lastRun };
  }
}
