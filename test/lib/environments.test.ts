import { environmentNamed, environments } from '../../lib/environments.ts';

test('an unknown environment is named together with those there are', () => {
  expect(() => environmentNamed('qa')).toThrow("environment 'qa' is unknown; use -c env=<local|dev|stage|prod>");
});

test('each environment is found under its own name', () => {
  expect(Object.values(environments).map(({ name }) => environmentNamed(name).name)).toEqual(Object.keys(environments));
});

test('a queue never asks a function for more invocations than it may have', () => {
  for (const { commitConcurrency, reservedConcurrency } of Object.values(environments))
    if (reservedConcurrency) expect(reservedConcurrency.commitBatches).toBeGreaterThanOrEqual(commitConcurrency);
});

test('a full run fits the cap of its application: one driver and all executors, four virtual cores each', () => {
  for (const { spark } of [environments.dev, environments.stage, environments.prod])
    expect(4 * (1 + spark.maxExecutors)).toBeLessThanOrEqual(spark.maximumVcpu);
});
