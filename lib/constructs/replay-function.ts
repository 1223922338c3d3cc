import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import type { CommitQueue } from './commit-queue.ts';
import { allowPublish } from './event-bus.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { publishParameter } from './names.ts';
import { NodeFunction } from './node-function.ts';

export interface ReplayFunctionProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly queue: CommitQueue;
  /** Where the stream's mapping parks records, as a prefix of the landing bucket. */
  readonly onFailurePrefix: string;
}

/**
 * What a person lands, closes or redrives again passes the one gate here. The only function that opens sealed
 * payloads; whoever may invoke it needs no right on bucket or key.
 */
export class ReplayFunction extends Construct {
  constructor(scope: Construct, id: string, props: ReplayFunctionProps) {
    super(scope, id);
    const { environment, domain, contracts, lake, ledger, queue, onFailurePrefix } = props;
    const replay = new NodeFunction(this, 'ReplayRecords', {
      environment,
      domain,
      contracts,
      name: 'replay-records',
      description: 'Lands refused events and parked records once more, and closes entries of the quarantine',
      memoryMb: 1024,
      timeout: Duration.minutes(2),
      files: ['node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm'],
    });
    lake.grantWrite(replay, 'landing', `staged/${domain}/`);
    lake.grantManage(replay, 'landing', onFailurePrefix);
    lake.grantWrite(replay, 'landing', 'redriven/');
    lake.grantWrite(replay, 'ops', `runs/${domain}/replays/`);
    lake.grantSeal(replay, domain);
    lake.grantUnseal(replay, domain);
    ledger.grantTokenKey(replay);
    ledger.grantHandOver(replay, domain);
    ledger.grantRecordReplay(replay, domain);
    queue.grantSend(replay);
    allowPublish(replay);
    const value = replay.function.functionName;
    publishParameter(this, 'Name', { environment, path: [domain, 'replay-function'], value });
  }
}
