import { compileContract } from './compile-contract.ts';
import type { Contract } from './contract.ts';
import { parseYaml } from './explain-issue.ts';
import { lintContract } from './lint-contract.ts';
import { lintLayer } from './lint-layer.ts';
import { lintPipeline } from './lint-pipeline.ts';
import { lintReadable } from './lint-readable.ts';
import { lintVariables } from './lint-variables.ts';
import { odcsContract } from './odcs-contract.ts';
import { at, type Problem, type Report, type YamlPath } from './problem.ts';
import { YamlSource } from './yaml-source.ts';

/** Where a contract's file stands: `domains/<domain>/contracts/<layer>/<table>.odcs.yaml`. */
export interface Place {
  readonly domain: string;
  readonly layer: string;
  readonly table: string;
}

/** A contract's file, read as far as its problems allow. */
export interface ContractFile {
  readonly place: Place;
  readonly source: YamlSource;
  readonly problems: readonly Problem[];
  /** Undefined when the file has problems. */
  readonly contract?: Contract;
}

/** Read one contract by itself; `lint-lineage.ts` then looks at how it fits the others. */
export function readContractFile(file: string, place: Place, text: string): ContractFile {
  const source = new YamlSource(file, text);
  const parsed = parseYaml(source, odcsContract);
  const problems: Problem[] = [];
  const report: Report = (path, sentence) => problems.push(source.problem(path, sentence));
  lintVariables(source.value, [], report);
  if (!parsed.ok) {
    lintReadable(source.value, report);
    return { place, source, problems: [...parsed.problems, ...problems] };
  }

  const odcs = parsed.value;
  const [table] = odcs.schema;
  const pipeline = table?.customProperties.pipeline;
  if (table) lintContract(odcs, table, place, report);
  if (!table || !pipeline) {
    report(['schema', 0, 'customProperties'], "missing, allowed: a 'pipeline' of vendor sluice");
    return { place, source, problems };
  }
  lintPipeline(pipeline, odcs, table, place, at(report, ...pipelinePath(source)));
  lintLayer(table, pipeline.layer, at(report, 'schema', 0));
  if (problems.length > 0) return { place, source, problems };
  return { place, source, problems, contract: compileContract(odcs, table, pipeline, file) };
}

/** Path of the pipeline's value, for problems found after its entry has been read into a map. */
export function pipelinePath({ value }: YamlSource): YamlPath {
  const { schema } = value as { schema: { customProperties: { property: string }[] }[] };
  const index = schema[0]?.customProperties.findIndex(({ property }) => property === 'pipeline') ?? 0;
  return ['schema', 0, 'customProperties', index, 'value'];
}
