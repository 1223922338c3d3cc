import { type DynamoDBDocumentClient, GetCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { recentSince, volumeWindows } from '../../lib/watchdog/hours.ts';
import type { Arrivals, HourCount, OpenEntries } from '../../lib/watchdog/snapshot.ts';
import type { AccountBook } from './watch-ports.ts';

/** An hour of a table, as `balance-accounts` judged it. */
export interface Account {
  readonly table: string;
  /** `2026-03-01T10`, UTC. */
  readonly hour: string;
  readonly produced: number;
  readonly landed: number;
  readonly quarantined: number;
  readonly onFailure: number;
  readonly inFlight: number;
  readonly duplicates: number;
  readonly gaps: number;
  readonly missingNumbers: readonly NumberRange[];
  readonly status: 'balanced' | 'pending' | 'missing' | 'excess';
  /** ISO 8601: when a figure last moved. */
  readonly changedAt: string;
}

/** Numbers of a producer that no event bears, both ends included. */
export interface NumberRange {
  readonly producer: string;
  readonly first: number;
  readonly last: number;
}

/** What a domain's last look says of all its hours. */
export interface Check {
  readonly domain: string;
  readonly checkedAt: string;
  /** False when the stream holds more than was counted. */
  readonly isCaughtUp: boolean;
  /** Shards whose records were trimmed before they were counted. */
  readonly lost: readonly { readonly shard: string; readonly since: string | null }[];
  /** What is open in the quarantine; undefined until it was counted. */
  readonly open?: OpenEntries | undefined;
}

const whole = z.number().default(0);

/** As `balance-accounts` writes it; what was only counted so far has no figures but `produced`. */
const accountSchema = z
  .object({
    sk: z.string(),
    produced: whole,
    producedInFiles: whole,
    moved: whole,
    landed: whole,
    quarantined: whole,
    onFailure: whole,
    duplicates: whole,
    gaps: whole,
    missingNumbers: z.array(z.object({ producer: z.string(), first: z.number(), last: z.number() })).default([]),
    status: z.enum(['balanced', 'pending', 'missing', 'excess']).default('pending'),
    changedAt: z.string(),
  })
  .transform(({ sk, moved, producedInFiles, ...figures }) => {
    const produced = figures.produced + producedInFiles + moved;
    const inFlight = produced - figures.landed - figures.quarantined - figures.onFailure;
    return { ...figures, hour: sk.replace('HOUR#', ''), produced, inFlight };
  });

const checkSchema = z.object({
  checkedAt: z.string(),
  isCaughtUp: z.boolean(),
  lost: z.array(z.object({ shard: z.string(), since: z.string().nullable() })),
  open: z.object({ entries: z.number(), oldest: z.string().nullable() }).optional(),
});

/** The accounts in the ledger. */
export class AccountItems implements AccountBook {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /** The hours of a table with anything in them, from this one on, or up to another one, both included. */
  async accounts(table: string, sinceHour: string, untilHour = '~'): Promise<Account[]> {
    const query = this.hoursOf(table, sinceHour, untilHour);
    const found: Account[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.client }, query))
      found.push(...Items.map((item) => ({ table, ...accountSchema.parse(item) })));
    return found;
  }

  /** What the last look at a domain says; undefined before the first. */
  async check(domain: string): Promise<Check | undefined> {
    const Key = { pk: `DOMAIN#${domain}`, sk: 'BALANCE' };
    const { Item } = await this.client.send(new GetCommand({ TableName: this.table, Key, ConsistentRead: true }));
    return Item && { domain, ...checkSchema.parse(Item) };
  }

  /** The last two days, the hours by which the watchdog tells what is usual, and the first of all. */
  async arrivals(table: string, now: string): Promise<Arrivals> {
    const windows = volumeWindows(now).map(({ first, last }) => this.accounts(table, first, last));
    const lists = await Promise.all([this.accounts(table, recentSince(now)), ...windows]);
    const byHour = new Map(lists.flat().map((account) => [account.hour, countOf(account)]));
    return { hours: [...byHour.values()], firstHour: await this.firstHour(table) };
  }

  private async firstHour(table: string): Promise<string | null> {
    const { Items = [] } = await this.client.send(new QueryCommand({ ...this.hoursOf(table, ''), Limit: 1 }));
    return Items[0] ? accountSchema.parse(Items[0]).hour : null;
  }

  private hoursOf(table: string, since: string, until = '~') {
    return {
      TableName: this.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': `TABLE#${table}`, ':first': `HOUR#${since}`, ':last': `HOUR#${until}` },
    };
  }
}

const countOf = ({ hour, produced, landed, quarantined }: Account): HourCount => ({
  ...{ hour, produced, landed, refused: quarantined },
});
