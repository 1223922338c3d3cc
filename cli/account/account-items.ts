import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Account, Check } from './balance-sheet.ts';

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
});

/** The accounts in the ledger. */
export class AccountItems {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  /** The hours of a table with anything in them, from this one on. */
  async accounts(table: string, sinceHour: string): Promise<Account[]> {
    const query = {
      TableName: this.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': `TABLE#${table}`, ':first': `HOUR#${sinceHour}`, ':last': 'HOUR#~' },
    };
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
}
