import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listSources } from '../../lib/contract/load-sources.ts';
import { parseSourceMapping } from '../../lib/source/parse-source-mapping.ts';
import type { SourceMapping } from '../../lib/source/source-mapping.ts';
import { oneNamed } from '../shared/one-named.ts';

/** A source of events, and the domain whose stream takes them. */
export interface Source {
  readonly domain: string;
  readonly mapping: SourceMapping;
}

/** Finds `domains/<domain>/sources/<name>.yaml`; `<domain>/<name>` says which, should two domains have the name. */
export function findSource(root: string, name: string): Source {
  const { domain, file } = oneNamed('source', name, listSources(root));
  return { domain, mapping: parseSourceMapping(file, readFileSync(path.join(root, file), 'utf8')) };
}
