import { Command, Option } from 'commander';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { loadMetrics } from '../lib/metrics/load-metrics.ts';
import type { Metric } from '../lib/metrics/metric.ts';
import { type MetricWish, metricQuery } from '../lib/metrics/metric-query.ts';
import { metricsNamed, splitsNamed } from './metric/named-metrics.ts';
import { answer } from './query/answer.ts';
import { describeRows } from './query.ts';
import { type Row, table } from './shared/format.ts';
import { isoDay, type Target, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';

interface Options extends Target, MetricWish {
  readonly json?: true;
}

async function metric(names: readonly string[], { json, by, from, to, ...target }: Options): Promise<void> {
  const known = loadMetrics(PROJECT, loadContracts(PROJECT, target.env));
  if (names.length === 0) return list(known, json);
  const metrics = metricsNamed(names, known);
  const sql = metricQuery(metrics, { by: splitsNamed(by, metrics), from, to });
  const rows = await answer(sql, target);
  if (json) process.stdout.write(rows);
  else console.log([describeRows(JSON.parse(rows) as Row[]), ...metrics.flatMap(notesOn)].join('\n'));
}

function list(metrics: readonly Metric[], json: true | undefined): void {
  if (json) printJson(metrics);
  else console.log(table(metrics.map(({ domain, name, unit, meaning }) => ({ domain, name, unit, meaning }))));
}

const notesOn = ({ name, unit, caveats }: Metric): string[] => [
  `${name}: in ${unit}`,
  ...caveats.map((caveat) => `  ${caveat}`),
];

export const metricCommand = (): Command =>
  withTarget(
    new Command('metric')
      .description('answer what the business goes by, as domains/<domain>/metrics.yaml defines it')
      .argument('[name...]', 'metrics of one table; lists all when left out')
      .addOption(
        new Option('--by <split...>', 'dimensions, or day, week, month, quarter, year').default([], 'all in one'),
      )
      .addOption(new Option('--from <day>', 'first day').argParser(isoDay))
      .addOption(new Option('--to <day>', 'last day').argParser(isoDay)),
  ).action(metric);
