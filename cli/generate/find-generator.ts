import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Generate } from '../../lib/source/generate.ts';
import { oneNamed } from '../shared/one-named.ts';

/** Finds `domains/<domain>/generators/<source>.ts`. */
export async function findGenerator(root: string, source: string): Promise<Generate> {
  const { file } = oneNamed('generator', source, listGenerators(root));
  const { generate }: { readonly generate: Generate } = await import(pathToFileURL(file).href);
  return generate;
}

function listGenerators(root: string) {
  const domains = path.join(root, 'domains');
  return readdirSync(domains).flatMap((domain) => {
    const folder = path.join(domains, domain, 'generators');
    const files = existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.ts'))
          .sort()
      : [];
    return files.map((file) => ({ domain, name: path.parse(file).name, file: path.join(folder, file) }));
  });
}
