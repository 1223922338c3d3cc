import { tableId } from '../../lib/contract/contract.ts';
import { dialectOf, queryOf } from '../query/run-query.ts';
import { quarantineOf } from '../shared/accounts.ts';
import { OperationError } from '../shared/errors.ts';
import { domainNamed, domainsNamed, domainsOf, tableNamed } from '../shared/named.ts';
import type { Platform } from '../shared/platform.ts';
import { Quarantine } from './entries.ts';

/** The quarantine of a domain. */
export interface Opened {
  readonly domain: string;
  readonly quarantine: Quarantine;
}

/** What a person names: a domain, a table of one, or neither. */
export interface Scope {
  readonly domain?: string | undefined;
  readonly table?: string | undefined;
}

type Deployed = Pick<Platform, 'env' | 'settings' | 'domains' | 'contracts' | 'ledger'>;

/** The domains that are meant, and the id of the table. */
export function scopeOf({ domains, contracts }: Pick<Deployed, 'domains' | 'contracts'>, { domain, table }: Scope) {
  const named = domainsNamed(domain, domains);
  if (table === undefined) return { domains: named };
  const id = tableNamed(table, contracts.filter((each) => named.includes(each.domain)).map(tableId));
  return { domains: domainsOf([id], named), table: id };
}

/** The quarantines of domains; one that never held anything cannot be read, and is left out. */
export async function openQuarantines(platform: Deployed, domains: readonly string[]): Promise<Opened[]> {
  const held = await platform.ledger.tables(domains.map(quarantineOf));
  return domains.filter((domain) => held.has(quarantineOf(domain))).map((domain) => openQuarantine(platform, domain));
}

/** The one quarantine that holds these events, named by the first characters of their ids. */
export async function quarantineWith(ids: readonly string[], platform: Deployed, domain?: string): Promise<Opened> {
  const opened = await openQuarantines(platform, domainsNamed(domain, platform.domains));
  const [only, ...others] = opened;
  if (only && others.length === 0) return only;
  const found = await Promise.all(opened.map(({ quarantine }) => quarantine.list({ ids, limit: 1 })));
  const holding = opened.filter((_, index) => found[index]?.length);
  if (holding.length === 0) throw new OperationError(`nothing in quarantine has an id that starts with '${ids[0]}'`);
  const names = holding.map((each) => each.domain);
  return openQuarantine(platform, domainNamed(undefined, names));
}

export function openQuarantine({ env, settings }: Pick<Deployed, 'env' | 'settings'>, domain: string): Opened {
  return { domain, quarantine: new Quarantine(domain, queryOf(env, settings), dialectOf(env)) };
}
