import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Contract } from '../contract/contract.ts';
import { parseYaml } from '../contract/explain-issue.ts';
import { at, InvalidFilesError, type Problem } from '../contract/problem.ts';
import { YamlSource } from '../contract/yaml-source.ts';
import { lintMetric } from './lint-metric.ts';
import type { Metric } from './metric.ts';

const text = z.string().min(1);
const metric = z.strictObject({
  meaning: text,
  unit: text,
  owner: text,
  table: text,
  time: text,
  formula: text,
  dimensions: z.array(text).default([]),
  caveats: z.array(text).default([]),
});
const metricsFile = z.strictObject({ metrics: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), metric) });

/** All metrics of a project, in the order of their files. Throws `InvalidFilesError` with all that is wrong with them. */
export function loadMetrics(root: string, contracts: readonly Contract[]): Metric[] {
  const { metrics, problems } = readMetrics(root, contracts);
  if (problems.length > 0) throw new InvalidFilesError(problems);
  return metrics;
}

/** Reads `domains/<domain>/metrics.yaml` of each domain; what is wrong with any of them comes along. */
export function readMetrics(root: string, contracts: readonly Contract[]) {
  const metrics: Metric[] = [];
  const problems: Problem[] = [];
  for (const { domain, file } of metricsFiles(root)) {
    const source = new YamlSource(file, readFileSync(path.join(root, file)));
    const parsed = parseYaml(source, metricsFile);
    if (!parsed.ok) problems.push(...parsed.problems);
    const found = Object.entries(parsed.ok ? parsed.value.metrics : {}).map(([name, own]) => ({
      domain,
      name,
      ...own,
    }));
    const report = (steps: readonly (string | number)[], problem: string) =>
      problems.push(source.problem(steps, problem));
    for (const each of found) lintMetric(each, contracts, at(report, 'metrics', each.name));
    metrics.push(...found);
  }
  return { metrics, problems };
}

function metricsFiles(root: string) {
  const folder = path.join(root, 'domains');
  const domains = existsSync(folder) ? readdirSync(folder).sort() : [];
  const files = domains.map((domain) => ({ domain, file: path.posix.join('domains', domain, 'metrics.yaml') }));
  return files.filter(({ file }) => existsSync(path.join(root, file)));
}
