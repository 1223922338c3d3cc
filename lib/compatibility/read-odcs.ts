import { parseYaml } from '../contract/explain-issue.ts';
import { odcsContract } from '../contract/odcs-contract.ts';
import { InvalidFilesError } from '../contract/problem.ts';
import { YamlSource } from '../contract/yaml-source.ts';
import type { Described } from './compare-contracts.ts';

/**
 * A contract by itself, wherever its text comes from: also from a commit of long ago, when other rules between files
 * held. @throws InvalidFilesError with all that is wrong in it
 */
export function readOdcs(file: string, text: string): Described {
  const source = new YamlSource(file, text);
  const parsed = parseYaml(source, odcsContract);
  if (!parsed.ok) throw new InvalidFilesError(parsed.problems);
  const [table] = parsed.value.schema;
  const pipeline = table?.customProperties.pipeline;
  if (table && pipeline) return { odcs: parsed.value, table, pipeline };
  throw new InvalidFilesError([
    source.problem(['schema', 0, 'customProperties'], "missing, allowed: a 'pipeline' of vendor sluice"),
  ]);
}
