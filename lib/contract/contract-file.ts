import { compileContract } from './compile-contract.ts';
import type { Contract } from './contract.ts';
import { parseYaml } from './explain-issue.ts';
import { lintContract } from './lint-contract.ts';
import { lintHistory } from './lint-history.ts';
import { lintIds } from './lint-ids.ts';
import { lintLayer } from './lint-layer.ts';
import { lintPipeline } from './lint-pipeline.ts';
import { lintReadable } from './lint-readable.ts';
import { lintAvailability, lintSchedule } from './lint-schedule.ts';
import { lintVersion } from './lint-version.ts';
import { type OdcsContract, odcsContract } from './odcs-contract.ts';
import { at, type Problem, type Report, type YamlPath } from './problem.ts';
import { resolveVariables } from './resolve-variables.ts';
import { NO_VARIABLES } from './variables.ts';
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
  /** Its plain values, with those of variables filled in. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** The file as the standard has it; undefined when it does not keep the standard. */
  readonly odcs?: OdcsContract;
  /** Undefined when the file has problems. Its relationships are linked by `link-relationships.ts`. */
  readonly contract?: Contract;
}

/** Read one contract by itself; `lint-lineage.ts` then looks at how it fits the others. */
export function readContractFile(
  file: string,
  place: Place,
  content: string | Uint8Array,
  variables = NO_VARIABLES,
): ContractFile {
  const source = new YamlSource(file, content);
  const unfilled: Problem[] = [];
  const value = resolveVariables(source.value, variables, [], (path, text) => {
    unfilled.push(source.problem(path, text));
  });
  const read = judge(source, value, place);
  if (unfilled.length === 0) return { place, source, value, ...read };
  // That a place which nothing fills is no good value goes without saying.
  const others = read.problems.filter(({ path }) => !unfilled.some((each) => each.path === path));
  return { place, source, value, problems: [...unfilled, ...others] };
}

type Judged = Pick<ContractFile, 'problems' | 'odcs' | 'contract'>;

function judge(source: YamlSource, value: unknown, place: Place): Judged {
  const parsed = parseYaml(source, odcsContract, value);
  const problems: Problem[] = [];
  const report: Report = (path, text) => problems.push(source.problem(path, text));
  lintVersion(value, report);
  lintIds(value, report);
  if (!parsed.ok) {
    lintReadable(value, report);
    return { problems: [...parsed.problems, ...problems] };
  }
  const odcs = parsed.value;
  const [table] = odcs.schema;
  const pipeline = table?.customProperties.pipeline;
  if (table) lintContract(odcs, table, place, report);
  if (!table || !pipeline) {
    report(['schema', 0, 'customProperties'], "missing, allowed: a 'pipeline' of vendor sluice");
    return { problems, odcs };
  }
  lintPipeline(pipeline, odcs, table, place, at(report, ...pipelinePath(source)));
  const isKept = lintSchedule(pipeline, at(report, ...pipelinePath(source), 'schedule'));
  if (isKept) lintAvailability(odcs, pipeline, at(report, 'slaProperties'));
  lintLayer(table, pipeline.layer, at(report, 'schema', 0));
  lintHistory(table, pipeline, at(report, 'schema', 0));
  if (problems.length > 0) return { problems, odcs };
  return { problems, odcs, contract: compileContract(odcs, table, pipeline, source.file) };
}

/** Path of the pipeline's value, for problems found after its entry has been read into a map. */
export function pipelinePath({ value }: YamlSource): YamlPath {
  const { schema } = value as { schema: { customProperties: { property: string }[] }[] };
  const index = schema[0]?.customProperties.findIndex(({ property }) => property === 'pipeline') ?? 0;
  return ['schema', 0, 'customProperties', index, 'value'];
}
