import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { History, HistoryKey } from '../../lib/plan/history.ts';
import type { Override } from '../../lib/plan/override.ts';
import { SLOTS, type Slot } from '../../lib/plan/plan.ts';
import type { Replay } from '../../lib/plan/replay.ts';
import type { GoldHold, GoldRelease, Publication } from '../../lib/publish/publication.ts';
import {
  isMet,
  itemAt,
  itemsBelow,
  type Key,
  lastItemsBelow,
  type TransactItem,
  transact,
  typed,
  withoutKey,
  withoutType,
} from './dynamo-items.ts';
import {
  type Cancellation,
  type Claim,
  type DomainState,
  type Lease,
  type Ledger,
  LostLeaseError,
  type Published,
  publishedOf,
  type RunItem,
  type Sent,
  type SlotState,
  type TableState,
  type Term,
} from './ledger.ts';

const domainKey = (domain: string, sk: string): Key => ({ pk: `DOMAIN#${domain}`, sk });
const goldHoldKey = (domain: string): Key => domainKey(domain, 'GOLD_HOLD');
const stateKey = (domain: string): Key => domainKey(domain, 'STATE');
/** In a partition of its own: the function that writes it may write no other. */
const replayKey = (domain: string, uri: string): Key => ({ pk: `REPLAY#${domain}`, sk: uri });
const tableKey = (id: string): Key => ({ pk: `TABLE#${id}`, sk: 'STATE' });
const historyItemKey = ({ table, rule, season }: HistoryKey): Key => ({
  ...{ pk: `TABLE#${table}`, sk: `HISTORY#${rule}#${season}` },
});

/** What every claim writes besides who claims. */
const CLAIMED = { ':false': false, ':one': 1, ':type': 'domain' };

/** The ledger in DynamoDB. Every change that two runs could make at once is conditional. */
export class DynamoLedger implements Ledger {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async domainState(domain: string): Promise<DomainState> {
    const item = await this.state<DomainState>(stateKey(domain));
    return { dirty: false, fence: 0, ...item };
  }

  async claim(claim: Claim): Promise<boolean> {
    return transact(this.client, [this.takeForRun(claim), { Put: { TableName: this.table, Item: startedRun(claim) } }]);
  }

  async takeDomain({ domain, runId }: Lease, { at, until }: Term): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: stateKey(domain),
      UpdateExpression:
        'SET activeRun = :me, claimedAt = :at, heldUntil = :until, dirty = if_not_exists(dirty, :false), #type = :type, v = :one ADD fence :one',
      ConditionExpression: 'attribute_not_exists(activeRun)',
      ExpressionAttributeNames: { '#type': 'type' },
      ExpressionAttributeValues: { ':me': runId, ':at': at, ':until': until, ...CLAIMED },
    });
    return isMet(() => this.client.send(command));
  }

  async markDirty(domain: string): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: stateKey(domain),
      UpdateExpression: 'SET dirty = :true',
      ConditionExpression: 'attribute_exists(activeRun)',
      ExpressionAttributeValues: { ':true': true },
    });
    return isMet(() => this.client.send(command));
  }

  /** Only while it is not dirty: a commit that comes later finds the domain free and starts a run itself. */
  async release({ domain, runId }: Lease): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: stateKey(domain),
      UpdateExpression: 'REMOVE activeRun, claimedAt, heldUntil',
      ConditionExpression: 'activeRun = :run AND dirty = :false',
      ExpressionAttributeValues: { ':run': runId, ':false': false },
    });
    return isMet(() => this.client.send(command));
  }

  async abandon({ domain, runId }: Lease): Promise<void> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: stateKey(domain),
      UpdateExpression: 'REMOVE activeRun, claimedAt, heldUntil SET dirty = :true',
      ConditionExpression: 'activeRun = :run',
      ExpressionAttributeValues: { ':run': runId, ':true': true },
    });
    await isMet(() => this.client.send(command));
  }

  async run(domain: string, runId: string): Promise<RunItem | null> {
    return this.get<RunItem>(domainKey(domain, `RUN#${runId}`));
  }

  async runs(domain: string, limit: number): Promise<RunItem[]> {
    return this.newest<RunItem>(domainKey(domain, 'RUN#'), limit);
  }

  async noteCancellation(domain: string, runId: string, cancellation: Cancellation): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: domainKey(domain, `RUN#${runId}`),
      UpdateExpression: 'SET cancellation = :cancellation',
      ConditionExpression: 'attribute_exists(runId) AND attribute_not_exists(endedAt)',
      ExpressionAttributeValues: { ':cancellation': cancellation },
    });
    return isMet(() => this.client.send(command));
  }

  async endRun(domain: string, run: RunItem): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.table,
      Item: { ...domainKey(domain, `RUN#${run.runId}`), ...run },
      ConditionExpression: 'attribute_not_exists(endedAt)',
    });
    return isMet(() => this.client.send(command));
  }

  async tables(ids: readonly string[]): Promise<ReadonlyMap<string, TableState>> {
    const states = await Promise.all(ids.map((id) => this.state<TableState>(tableKey(id))));
    return new Map(ids.flatMap((id, i) => (states[i] ? [[id, states[i]] as const] : [])));
  }

  async recordTables(lease: Lease, tables: ReadonlyMap<string, TableState>): Promise<void> {
    await this.putAll(
      lease,
      [...tables].map(([id, state]) => ({ ...typed('table', tableKey(id)), ...state })),
    );
  }

  async slots(domain: string): Promise<ReadonlyMap<Slot, SlotState>> {
    const states = await Promise.all(SLOTS.map((slot) => this.state<SlotState>(domainKey(domain, `SLOT#${slot}`))));
    return new Map(SLOTS.flatMap((slot, i) => (states[i] ? [[slot, states[i]] as const] : [])));
  }

  async recordSlot(lease: Lease, slot: Slot, state: SlotState): Promise<void> {
    await this.putAll(lease, [{ ...typed('slot', domainKey(lease.domain, `SLOT#${slot}`)), ...state }]);
  }

  async published(domain: string): Promise<Published | null> {
    return this.state<Published>(domainKey(domain, 'PUBLISHED'));
  }

  async recordPublished(lease: Lease, published: Published): Promise<void> {
    await this.putAll(lease, [{ ...typed('published', domainKey(lease.domain, 'PUBLISHED')), ...published }]);
  }

  async recordPublication(lease: Lease, publication: Publication): Promise<void> {
    await this.putAll(lease, [
      { ...typed('published', domainKey(lease.domain, 'PUBLISHED')), ...publishedOf(publication) },
      { ...domainKey(lease.domain, `PUBLICATION#${publication.id}`), ...publication },
    ]);
  }

  async publications(domain: string, limit: number): Promise<Publication[]> {
    return this.newest<Publication>(domainKey(domain, 'PUBLICATION#'), limit);
  }

  async holdGold(lease: Lease, hold: GoldHold): Promise<void> {
    await this.putAll(lease, [{ ...typed('gold-hold', goldHoldKey(lease.domain)), ...hold }]);
  }

  async goldHold(domain: string): Promise<GoldHold | null> {
    return this.state<GoldHold>(goldHoldKey(domain));
  }

  async releaseGold(domain: string, { by, at }: Pick<GoldRelease, 'by' | 'at'>): Promise<boolean> {
    const held = await this.goldHold(domain);
    if (!held) return false;
    const [TableName, Key, since] = [this.table, goldHoldKey(domain), { ':since': held.since }];
    const condition = { ConditionExpression: 'since = :since', ExpressionAttributeValues: since };
    const Item = { ...typed('gold-release', domainKey(domain, `GOLD_RELEASE#${at}`)), by, at, held };
    return transact(this.client, [{ Delete: { TableName, Key, ...condition } }, { Put: { TableName, Item } }]);
  }

  async goldReleases(domain: string, limit: number): Promise<GoldRelease[]> {
    const found = await this.newest<Record<string, unknown>>(domainKey(domain, 'GOLD_RELEASE#'), limit);
    return found.map(withoutType<GoldRelease>);
  }

  async recordOverride(domain: string, override: Override): Promise<void> {
    const { table, rule, approvedAt } = override;
    await this.put(typed('override', domainKey(domain, `OVERRIDE#${table}#${rule}#${approvedAt}`)), override);
  }

  async overrides(domain: string): Promise<Override[]> {
    return this.all<Override>(domainKey(domain, 'OVERRIDE#'));
  }

  async histories(keys: readonly HistoryKey[]): Promise<History[]> {
    const found = await Promise.all(keys.map((key) => this.get<History>(historyItemKey(key))));
    return found.filter((history) => history !== null);
  }

  async recordHistory(history: History): Promise<void> {
    await this.put(historyItemKey(history), history);
  }

  async recordReplay(domain: string, replay: Replay): Promise<void> {
    await this.put(typed('replay', replayKey(domain, replay.uri)), replay);
  }

  async replays(domain: string): Promise<Replay[]> {
    return this.all<Replay>(replayKey(domain, 's3://'));
  }

  async forgetReplays(domain: string, uris: readonly string[]): Promise<void> {
    const deletions = uris.map((uri) => new DeleteCommand({ TableName: this.table, Key: replayKey(domain, uri) }));
    await Promise.all(deletions.map((deletion) => this.client.send(deletion)));
  }

  async recordSent(domain: string, sent: Sent): Promise<void> {
    await this.put(typed('sent', domainKey(domain, `SENT#${sent.id}`)), sent);
  }

  async sent(domain: string): Promise<Sent[]> {
    return this.all<Sent>(domainKey(domain, 'SENT#'));
  }

  private takeForRun({ domain, runId, at, replaces }: Claim): TransactItem {
    return {
      Update: {
        TableName: this.table,
        Key: stateKey(domain),
        UpdateExpression:
          'SET activeRun = :run, claimedAt = :at, dirty = :false, #type = :type, v = :one REMOVE heldUntil ADD fence :one',
        ConditionExpression: replaces ? 'activeRun = :replaced' : 'attribute_not_exists(activeRun)',
        ExpressionAttributeNames: { '#type': 'type' },
        ExpressionAttributeValues: {
          ':run': runId,
          ':at': at,
          ...CLAIMED,
          ...(replaces && { ':replaced': replaces }),
        },
      },
    };
  }

  /** Puts items together, or none when the run has lost the domain. */
  private async putAll(lease: Lease, items: readonly Key[]): Promise<void> {
    const puts = items.map((Item) => ({ Put: { TableName: this.table, Item: { ...Item } } }));
    const held = {
      TableName: this.table,
      Key: stateKey(lease.domain),
      ConditionExpression: 'activeRun = :run',
      ExpressionAttributeValues: { ':run': lease.runId },
    };
    if (!(await transact(this.client, [{ ConditionCheck: held }, ...puts]))) throw new LostLeaseError(lease);
  }

  private async state<T extends object>(key: Key): Promise<T | null> {
    const item = await itemAt<Record<string, unknown>>(this.client, this.table, key);
    return item && withoutType<T>(item);
  }

  private get<T extends object>(key: Key): Promise<T | null> {
    return itemAt<T>(this.client, this.table, key);
  }

  /** Keeps an item, whatever was there. */
  private async put(key: Key, item: object): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.table, Item: { ...key, ...item } }));
  }

  /** Ids of runs and publications begin with their time, so the order of keys is the order of time. */
  private async newest<T extends object>({ pk, sk }: Key, limit: number): Promise<T[]> {
    return (await lastItemsBelow(this.client, this.table, pk, sk, limit)).map(withoutKey<T>);
  }

  private async all<T extends object>({ pk, sk }: Key): Promise<T[]> {
    return (await itemsBelow(this.client, this.table, pk, sk))
      .map(withoutKey<Record<string, unknown>>)
      .map(withoutType<T>);
  }
}

const startedRun = ({ domain, runId, trigger, at }: Claim): Key & RunItem => ({
  ...domainKey(domain, `RUN#${runId}`),
  ...{ type: 'run', v: 1, runId, status: 'running', trigger, startedAt: at, steps: [], gates: [] },
});
