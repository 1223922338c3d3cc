import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from './contract.ts';

const REFERENCE = /\bref\(\s*['"](\w+)['"]\s*\)/g;

/** Gold tables with a fingerprint of the text of their models. One without a model is left as it is: the job says so. */
export function withModels(root: string, contracts: readonly Contract[]): Contract[] {
  const domains = new Map<string, ReadonlyMap<string, string>>();
  return contracts.map((contract) => {
    if (contract.layer !== 'gold') return contract;
    const texts = domains.get(contract.domain) ?? textsBelow(path.join(root, 'domains', contract.domain, 'models'));
    domains.set(contract.domain, texts);
    return texts.has(contract.table) ? { ...contract, model: fingerprint(contract.table, texts) } : contract;
  });
}

/** By name, as dbt has it: of the file, whatever its folder. */
function textsBelow(folder: string): Map<string, string> {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const models = files.filter((file) => file.endsWith('.sql'));
  return new Map(models.map((file) => [path.basename(file, '.sql'), readFileSync(path.join(folder, file), 'utf8')]));
}

/** Of a model and of all that it refers to. */
function fingerprint(name: string, texts: ReadonlyMap<string, string>): string {
  const behind = new Set([name]);
  for (const each of behind)
    for (const [, found = ''] of (texts.get(each) ?? '').matchAll(REFERENCE)) behind.add(found);
  const text = JSON.stringify([...behind].sort().map((each) => [each, texts.get(each)]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
