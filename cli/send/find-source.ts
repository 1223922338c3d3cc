import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listSources } from '../../lib/contract/load-sources.ts';
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
  const known = listSources(root).map((source) => ({ ...source, id: `${source.domain}/${source.name}` }));
  const found = known.filter(({ id }) => id === name || id.endsWith(`/${name}`));
  const ids = (sources: typeof known) => sources.map(({ id }) => id);
  const [only] = found;
  if (only === undefined) throw new UsageError(unknownSource(name, ids(known)));
  if (found.length > 1)
    throw new UsageError(`source '${name}' is not the only one; name one of ${ids(found).join(', ')}`);
  const { domain, file } = only;
  return { domain, mapping: parseSourceMapping(file, readFileSync(path.join(root, file), 'utf8')) };
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
