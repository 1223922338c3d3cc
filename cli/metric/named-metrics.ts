import { notAllowed } from '../../lib/contract/problem.ts';
import type { Metric } from '../../lib/metrics/metric.ts';
import { splitsOf } from '../../lib/metrics/metric-query.ts';
import { UsageError } from '../shared/errors.ts';
import { oneNamed } from '../shared/one-named.ts';

/** The metrics of these names, which have to be of one table by one column of time: they are answered in one go. */
export function metricsNamed(names: readonly string[], known: readonly Metric[]): readonly [Metric, ...Metric[]] {
  const [first, ...others] = names.map((name) => oneNamed('metric', name, known));
  if (!first) throw new UsageError('no metric is named');
  const stranger = others.find((each) => placeOf(each) !== placeOf(first));
  if (stranger)
    throw new UsageError(
      `${stranger.name} is of ${placeOf(stranger)}, ${first.name} is of ${placeOf(first)}; ask for one after the other`,
    );
  return [first, ...others];
}

const placeOf = ({ domain, table, time }: Metric): string => `${domain}_gold.${table} by ${time}`;

/** What the answer is split by; each of them must allow it. */
export function splitsNamed(by: readonly string[], metrics: readonly Metric[]): readonly string[] {
  const splits = splitsOf(metrics);
  for (const name of by) if (!splits.includes(name)) throw new UsageError(`--by: ${notAllowed(name, splits)}`);
  return by;
}
