import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BackfillLedger } from '../../lambdas/shared/backfill-ledger.ts';
import { DynamoBackfillLedger } from '../../lambdas/shared/dynamo-backfill-ledger.ts';
import { DynamoFileLedger } from '../../lambdas/shared/dynamo-file-ledger.ts';
import { DynamoLedger } from '../../lambdas/shared/dynamo-ledger.ts';
import { DynamoWatchLedger } from '../../lambdas/shared/dynamo-watch-ledger.ts';
import type { FileLedger } from '../../lambdas/shared/file-ports.ts';
import type { Ledger } from '../../lambdas/shared/ledger.ts';
import type { WatchLedger } from '../../lambdas/shared/watch-ports.ts';
import { type Contract, isStored, tableId } from '../../lib/contract/contract.ts';
import { loadContracts } from '../../lib/contract/load-contracts.ts';
import type { EnvironmentName } from '../../lib/environment-names.ts';
import { type Accounts, quarantineOf } from './accounts.ts';
import { enterCloud } from './cloud.ts';
import { OperationError } from './errors.ts';
import type { Target } from './options.ts';
import { PROJECT } from './project.ts';
import { Settings } from './settings.ts';

/** A deployed platform, as the commands see it. */
export class Platform {
  readonly domains: readonly string[];

  private constructor(
    readonly env: EnvironmentName,
    readonly settings: Settings,
    readonly ledger: Ledger,
    readonly backfills: BackfillLedger,
    /** Those of tables that have rows of their own, in domains that are deployed. */
    readonly contracts: readonly Contract[],
    /** What is known of a domain's files. */
    readonly files: (domain: string) => FileLedger,
    /** What the watchdog remembers of a domain. */
    readonly watches: (domain: string) => WatchLedger,
  ) {
    this.domains = [...new Set(contracts.map(({ domain }) => domain))];
  }

  /** Finds what is deployed. SDK clients made from here on talk to this environment. */
  static async open(target: Target): Promise<Platform> {
    await enterCloud(target);
    const settings = await Settings.load(new SSMClient({}), target.env);
    if (settings.isEmpty)
      throw new OperationError(`nothing is deployed in '${target.env}'; run \`sluice deploy\` first`);
    const isDeployed = ({ domain }: Contract) => settings.find(`${domain}/start-run-function`) !== undefined;
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const table = settings.get('ledger/table');
    const files = (domain: string) => new DynamoFileLedger(client, table, domain);
    return new Platform(
      target.env,
      settings,
      new DynamoLedger(client, table),
      new DynamoBackfillLedger(client, table),
      loadContracts(PROJECT, target.env).filter((contract) => isStored(contract) && isDeployed(contract)),
      files,
      (domain) => new DynamoWatchLedger(client, table, domain),
    );
  }

  async accounts(domain: string): Promise<Accounts> {
    const ids = this.contracts
      .filter((contract) => contract.domain === domain && contract.layer !== 'gold')
      .map(tableId);
    const [sent, tables, files, state, [lastRun]] = await Promise.all([
      this.ledger.sent(domain),
      this.ledger.tables([...ids, quarantineOf(domain)]),
      this.filesOf(domain),
      this.ledger.domainState(domain),
      this.ledger.runs(domain, 1),
    ]);
    return { domain, sent, tables, files, state, lastRun };
  }

  /** But for those of delivery streams: what they hold was sent, and is counted there. */
  private async filesOf(domain: string): Promise<Accounts['files']> {
    const delivered = this.contracts
      .filter((contract) => contract.domain === domain && contract.ingest?.from === 'firehose')
      .map(({ table }) => table);
    return new Map([...(await this.files(domain).counts())].filter(([table]) => !delivered.includes(table)));
  }
}
