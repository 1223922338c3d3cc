import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { itemsBelow, type TransactItem, transact } from './dynamo-items.ts';
import { loadKey } from './dynamo-load-ledger.ts';
import type {
  EndedPart,
  EndState,
  FileCounts,
  FileItem,
  FileLedger,
  FileState,
  HeldFile,
  HeldState,
  LandedFile,
} from './file-ports.ts';
import { placeOf } from './file-shard.ts';

/** Files in the ledger's table. Each change is conditional, so that a message that comes twice counts once. */
export class DynamoFileLedger implements FileLedger {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;
  private readonly domain: string;

  constructor(client: DynamoDBDocumentClient, table: string, domain: string) {
    this.client = client;
    this.table = table;
    this.domain = domain;
  }

  async announce(shard: string, file: LandedFile, at: string): Promise<FileItem> {
    const known = await this.find(shard);
    if (known) return known;
    const item = newFile(this.domain, file, at);
    const put = { TableName: this.table, Item: stored(shard, item), ConditionExpression: 'attribute_not_exists(pk)' };
    const isNew = await this.transact([{ Put: put }, this.count(item.table, { announced: 1 })]);
    return isNew ? item : this.get(shard);
  }

  async find(shard: string): Promise<FileItem | null> {
    const { Item } = await this.client.send(
      new GetCommand({ TableName: this.table, Key: keyOf(shard), ConsistentRead: true }),
    );
    return Item ? itemOf(Item) : null;
  }

  /** What was counted for parts that are none any more is taken back: whoever lands the new ones counts it again. */
  async split(shard: string, parts: number, hour: string, at: string): Promise<void> {
    const known = await this.get(shard);
    if (hasEnded(known) || known.parts === parts) return;
    const update = {
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression:
        'SET parts = :parts, #rows = :none, landed = :none, refused = :none, produced = :nothing REMOVE partsDone, reason',
      ConditionExpression: '#state = :state AND parts = :known AND landed = :landed AND refused = :refused',
      ExpressionAttributeNames: { '#state': 'state', '#rows': 'rows' },
      ExpressionAttributeValues: {
        ':parts': parts,
        ':none': 0,
        ':nothing': {},
        ':state': known.state,
        ':known': known.parts,
        ':landed': known.landed,
        ':refused': known.refused,
      },
    };
    const takenBack = Object.entries(known.produced).map(([table, events]) => this.produce(table, hour, -events, at));
    const isSplit = await this.transact([{ Update: update }, ...takenBack]);
    if (!isSplit) await this.split(shard, parts, hour, at);
  }

  async endPart(shard: string, part: EndedPart, at: string): Promise<FileItem> {
    const { hour, tally } = part;
    const produced = Object.entries(tally.produced).map(([table, events]) => this.produce(table, hour, events, at));
    await this.transact([{ Update: this.markDone(shard, part) }, ...produced]);
    return this.get(shard);
  }

  async end(shard: string, state: EndState, at: string, reason?: string): Promise<void> {
    const file = await this.get(shard);
    if (hasEnded(file)) return;
    const update = {
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression: `SET #state = :state, endedAt = :at${reason === undefined ? '' : ', reason = :reason'}`,
      ConditionExpression: '#state = :known',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': state,
        ':at': at,
        ':known': file.state,
        ...(reason !== undefined && { ':reason': reason }),
      },
    };
    const counted = this.count(file.table, { ended: 1, events: file.landed + file.refused });
    const load = { Delete: { TableName: this.table, Key: loadKey(this.domain, shard) } };
    await this.transact([
      { Update: update },
      counted,
      ...(file.state === 'loading' ? [load] : []),
      ...(isHeld(state) ? [this.hold(shard, state, file, at)] : []),
    ]);
  }

  async held(state: HeldState): Promise<readonly HeldFile[]> {
    const items = await this.below(HELD[state]);
    return items.map(({ sk, uri, etag, size }) => ({
      shard: sk.slice(HELD[state].length),
      file: { ...placeOf(uri), etag, size },
    }));
  }

  /** No row of a held file was counted, so only the file itself is to be taken back. */
  async reopen(shard: string): Promise<FileItem> {
    const file = await this.get(shard);
    if (!isHeld(file.state)) return file;
    const update = {
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression: 'SET #state = :open REMOVE endedAt, reason',
      ConditionExpression: '#state = :known',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':open': 'open', ':known': file.state },
    };
    const entry = { TableName: this.table, Key: this.heldKey(shard, file.state) };
    await this.transact([{ Update: update }, this.count(file.table, { ended: -1 }), { Delete: entry }]);
    return this.get(shard);
  }

  async counts(): Promise<ReadonlyMap<string, FileCounts>> {
    const items = await this.below(COUNTS);
    return new Map(
      items.map(({ sk, announced, ended, events }) => [sk.slice(COUNTS.length), { announced, ended, events }]),
    );
  }

  /** Items of the domain whose key begins so. */
  private below(prefix: string) {
    return itemsBelow(this.client, this.table, `DOMAIN#${this.domain}`, prefix);
  }

  /** Lists the file where whoever watches over the domain finds it. */
  private hold(shard: string, state: HeldState, { uri, etag, size }: FileItem, at: string): TransactItem {
    const Item = { ...this.heldKey(shard, state), type: `${state}-file`, v: 1, uri, etag, size, heldAt: at };
    return { Put: { TableName: this.table, Item } };
  }

  private heldKey(shard: string, state: HeldState) {
    return { pk: `DOMAIN#${this.domain}`, sk: `${HELD[state]}${shard}` };
  }

  private markDone(shard: string, { index, of, tally, reason }: EndedPart) {
    const tables = Object.entries(tally.produced);
    const sums = tables.map((_, i) => `produced.#t${i} = if_not_exists(produced.#t${i}, :none) + :t${i}`);
    const sets = [...sums, ...(reason === undefined ? [] : ['reason = :reason'])];
    return {
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression: `ADD partsDone :part, #rows :rows, landed :landed, refused :refused${sets.length > 0 ? ` SET ${sets.join(', ')}` : ''}`,
      ConditionExpression:
        '#state IN (:open, :loading) AND parts = :of AND (attribute_not_exists(partsDone) OR NOT contains(partsDone, :index))',
      ExpressionAttributeNames: {
        '#state': 'state',
        '#rows': 'rows',
        ...Object.fromEntries(tables.map(([table], i) => [`#t${i}`, table])),
      },
      ExpressionAttributeValues: {
        ':part': new Set([index]),
        ':index': index,
        ':of': of,
        ':rows': tally.rows,
        ':landed': tally.landed,
        ':refused': tally.refused,
        ':open': 'open',
        ':loading': 'loading',
        ...(tables.length > 0 && { ':none': 0 }),
        ...Object.fromEntries(tables.map(([, events], i) => [`:t${i}`, events])),
        ...(reason !== undefined && { ':reason': reason }),
      },
    };
  }

  /** What went into a table in an hour, in the account that `balance-accounts` keeps of it. */
  private produce(table: string, hour: string, events: number, at: string): TransactItem {
    return {
      Update: {
        TableName: this.table,
        Key: { pk: `TABLE#${table}`, sk: `HOUR#${hour}` },
        UpdateExpression: 'ADD producedInFiles :events SET changedAt = :at, #type = :type, v = :v',
        ExpressionAttributeNames: { '#type': 'type' },
        ExpressionAttributeValues: { ':events': events, ':at': at, ':type': 'account', ':v': 1 },
      },
    };
  }

  private transact(items: TransactItem[]): Promise<boolean> {
    return transact(this.client, items);
  }

  private async get(shard: string): Promise<FileItem> {
    const found = await this.find(shard);
    if (!found) throw new Error(`ledger: no file '${shard}'; it was never announced`);
    return found;
  }

  private count(table: string, { announced = 0, ended = 0, events = 0 }: Partial<FileCounts>) {
    return {
      Update: {
        TableName: this.table,
        Key: { pk: `DOMAIN#${this.domain}`, sk: `${COUNTS}${table}` },
        UpdateExpression: 'SET #type = :type, v = :v ADD announced :announced, ended :ended, events :events',
        ExpressionAttributeNames: { '#type': 'type' },
        ExpressionAttributeValues: {
          ':type': 'file-counts',
          ':v': 1,
          ':announced': announced,
          ':ended': ended,
          ':events': events,
        },
      },
    };
  }
}

/** Nothing is counted for a file any more, and nothing changes it but its being opened again. */
export const hasEnded = ({ state }: Pick<FileItem, 'state'>): boolean => state !== 'open' && state !== 'loading';
export const isHeld = (state: FileState): state is HeldState => state in HELD;

const keyOf = (shard: string) => ({ pk: `FILE#${shard}`, sk: 'STATE' });
const COUNTS = 'FILES#';
const HELD: Readonly<Record<HeldState, string>> = { parked: 'PARKED#', failed: 'FAILED#' };

export const newFile = (domain: string, { bucket, key, etag, versionId, size }: LandedFile, at: string): FileItem => ({
  type: 'file',
  v: 1,
  domain,
  table: key.split('/')[2] ?? '',
  uri: `s3://${bucket}/${key}`,
  etag,
  ...(versionId !== undefined && { versionId }),
  size,
  state: 'open',
  parts: 0,
  partsDone: [],
  rows: 0,
  landed: 0,
  refused: 0,
  produced: {},
  announcedAt: at,
});

const stored = (shard: string, { partsDone, ...item }: FileItem) => ({ ...keyOf(shard), ...item });

/** A set of numbers in the table; DynamoDB knows no empty one. */
function itemOf({ pk, sk, partsDone, ...item }: Record<string, unknown>): FileItem {
  return { ...item, partsDone: partsDone instanceof Set ? [...partsDone] : [] } as unknown as FileItem;
}
