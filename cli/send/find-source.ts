import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nearestWord } from '../../lib/contract/nearest-word.ts';
import { parseSourceMapping } from '../../lib/source/parse-source-mapping.ts';
import type { SourceMapping } from '../../lib/source/source-mapping.ts';
import { UsageError } from '../shared/errors.ts';

/** A source of events, and the domain whose stream takes them. */
export interface Source {
  readonly domain: string;
  readonly mapping: SourceMapping;
}

/** Finds `domains/<domain>/sources/<name>.yaml`; `<domain>/<name>` says which, should two domains have the name. */
export function findSource(root: string, name: string): Source {
  const known = listSources(root);
  const found = known.filter((source) => source === name || source.endsWith(`/${name}`));
  const [only] = found;
  if (only === undefined) throw new UsageError(unknownSource(name, known));
  if (found.length > 1) throw new UsageError(`source '${name}' is not the only one; name one of ${found.join(', ')}`);
  const [domain = '', source = ''] = only.split('/');
  const file = path.posix.join('domains', domain, 'sources', `${source}.yaml`);
  return { domain, mapping: parseSourceMapping(file, readFileSync(path.join(root, file), 'utf8')) };
}

/** All sources, as `<domain>/<name>`. */
function listSources(root: string): string[] {
  const folder = path.join(root, 'domains');
  return readdirSync(folder).flatMap((domain) => {
    const sources = path.join(folder, domain, 'sources');
    const files = existsSync(sources) ? readdirSync(sources) : [];
    return files.filter((file) => file.endsWith('.yaml')).map((file) => `${domain}/${path.parse(file).name}`);
  });
}

function unknownSource(name: string, known: readonly string[]): string {
  const near = nearestWord(
    name,
    known.flatMap((source) => [source, source.split('/')[1] ?? source]),
  );
  return [`source '${name}' is unknown; there are ${known.join(', ')}`, near && `did you mean '${near}'?`]
    .filter(Boolean)
    .join('; ');
}
