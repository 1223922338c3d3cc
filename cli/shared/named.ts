import { OperationError, UsageError } from './errors.ts';

/** The domains that a person means: the named one, or all. */
export function domainsNamed(name: string | undefined, domains: readonly string[]): readonly string[] {
  if (name === undefined) return domains;
  if (domains.includes(name)) return [name];
  throw new UsageError(`domain '${name}' is unknown or not deployed; there are ${domains.join(', ') || 'none'}`);
}

/**
 * The one domain that a person means: the named one, or the only one there is.
 * @param option how the command takes the name
 */
export function domainNamed(name: string | undefined, domains: readonly string[], option = '--domain '): string {
  const [found, ...others] = domainsNamed(name, domains);
  if (found === undefined) throw new OperationError('no domain is deployed; run `sluice deploy` first');
  if (others.length === 0) return found;
  throw new UsageError(`there are several domains; say which: ${domains.map((each) => option + each).join(' or ')}`);
}

/**
 * Of what several domains have, that of the only one in which anything waits; nothing where nothing does. Where several
 * have, a person has to say which.
 */
export async function ofOneDomain<T extends { readonly domain: string }>(
  found: readonly T[],
  isWaiting: (each: T) => Promise<boolean>,
): Promise<readonly T[]> {
  if (domainsIn(found).length <= 1) return found;
  const waiting = await Promise.all(found.map(isWaiting));
  const domains = domainsIn(found.filter((_, index) => waiting[index]));
  if (domains.length === 0) return [];
  const meant = domainNamed(undefined, domains);
  return found.filter(({ domain }) => domain === meant);
}

const domainsIn = (found: readonly { readonly domain: string }[]): string[] => [
  ...new Set(found.map(({ domain }) => domain)),
];

/** The tables that a person means by an id, a name in SQL or the name alone. */
export function tablesNamed(name: string | undefined, tables: readonly string[]): readonly string[] {
  if (name === undefined) return tables;
  const found = tables.filter((id) => [id, id.replace('.', '_'), id.split('.').at(-1)].includes(name));
  if (found.length > 0) return found;
  throw new UsageError(`table '${name}' is unknown; there are ${tables.join(', ')}`);
}

/** The one table that a person means. */
export function tableNamed(name: string, tables: readonly string[]): string {
  const [found = '', ...others] = tablesNamed(name, tables);
  if (others.length === 0) return found;
  throw new UsageError(`'${name}' is ${[found, ...others].join(' and ')}; say which`);
}

/** The domain of a run, whose id is `<domain>-<time>-<random>`; a domain's name may hold a dash. */
export const domainOfRun = (runId: string, domains: readonly string[]): string | undefined =>
  domains.filter((domain) => runId.startsWith(`${domain}-`)).sort((a, b) => b.length - a.length)[0];

/** Those of the domains to which tables belong. */
export const domainsOf = (tables: readonly string[], domains: readonly string[]): readonly string[] =>
  domains.filter((domain) => tables.some((id) => id.startsWith(`${domain}.`)));
