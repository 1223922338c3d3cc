import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSource, type SourceFile } from '../source/parse-source-mapping.ts';
import type { Contract } from './contract.ts';
import { type ContractFile, pipelinePath } from './contract-file.ts';
import { InvalidFilesError, type Problem } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

/** A source of a project: `domains/<domain>/sources/<name>.yaml`. */
export interface NamedSource {
  readonly domain: string;
  readonly name: string;
  readonly file: string;
}

/** All sources, in the order of their paths. */
export function listSources(root: string): NamedSource[] {
  const folder = path.join(root, 'domains');
  const domains = existsSync(folder) ? readdirSync(folder) : [];
  const sources = domains.flatMap((domain) => {
    const below = path.join(folder, domain, 'sources');
    const files = existsSync(below) ? readdirSync(below).filter((file) => file.endsWith('.yaml')) : [];
    return files.map((file) => ({
      domain,
      name: path.parse(file).name,
      file: path.posix.join('domains', domain, 'sources', file),
    }));
  });
  return sources.sort((a, b) => (a.file < b.file ? -1 : 1));
}

type Read = NamedSource & { readonly source: SourceFile };

/** Reads all sources; what is wrong with any of them comes along. */
export function loadSources(root: string): { found: Read[]; problems: Problem[] } {
  const found: Read[] = [];
  const problems: Problem[] = [];
  for (const named of listSources(root)) {
    try {
      found.push({ ...named, source: parseSource(named.file, readFileSync(path.join(root, named.file))) });
    } catch (error) {
      if (!(error instanceof InvalidFilesError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { found, problems };
}

/** The contracts, each of files with the one source that says how they are read. */
export function withSources(files: readonly ContractFile[], sources: readonly Read[]) {
  const problems: Problem[] = [];
  const contracts = files.flatMap(({ contract, source }): Contract[] => {
    if (contract) problems.push(...namingMasked(contract, source, sources));
    if (contract?.ingest?.from !== 'files') return contract ? [contract] : [];
    const own = sourcesOf(contract, sources);
    const [only] = own;
    if (only && own.length === 1) return [{ ...contract, ingest: { ...contract.ingest, source: only.source } }];
    problems.push(source.problem([...pipelinePath(source), 'ingest', 'from'], notOne(contract, own)));
    return [];
  });
  return { contracts, problems };
}

/** An event's id stands in every layer as it came, so no value that is masked may be made part of it. */
const namingMasked = (contract: Contract, at: YamlSource, sources: readonly Read[]): Problem[] =>
  sources
    .filter(({ domain, source }) => domain === contract.domain && source.event === contract.ingest?.event)
    .filter(({ source }) => contract.columns.some(({ name, masking }) => name === source.id && masking))
    .map(({ file, source }) => {
      const text = `found ${file}, whose id is '${source.id}', a masked column; allowed: a column whose values may be seen`;
      return at.problem([...pipelinePath(at), 'ingest', 'event'], text);
    });

const sourcesOf = ({ domain, ingest }: Contract, sources: readonly Read[]): Read[] =>
  sources.filter((each) => each.domain === domain && each.source.event === ingest?.event && each.source.files);

function notOne({ domain, ingest }: Contract, own: readonly Read[]): string {
  const found = own.length === 0 ? 'none' : own.map(({ file }) => file).join(', ');
  return `found ${found} that describes these files, allowed: one domains/${domain}/sources/<source>.yaml with event ${ingest?.event} and 'files'`;
}
