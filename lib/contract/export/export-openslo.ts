import { type Contract, tableId } from '../contract.ts';
import { parseDuration } from '../duration.ts';
import type { OdcsContract, SlaProperty } from '../odcs-contract.ts';
import { at, type Report } from '../problem.ts';
import { writeYaml } from '../write-yaml.ts';
import type { Exporter } from './export.ts';

/** A service for the table, and an objective for each service level that states one. OpenSLO v1. */
export const exportOpenSlo: Exporter = ({ contract, odcs }, report) => {
  const objectives = odcs.slaProperties.flatMap((level, index) =>
    objectiveOf(level, contract, at(report, 'slaProperties', index)),
  );
  return [serviceOf(contract, odcs), ...objectives].map((document) => writeYaml(document)).join('---\n');
};

const API = { apiVersion: 'openslo/v1' };

/** At most 63 letters, digits and dashes, as Kubernetes names things. */
const nameOf = (...parts: readonly string[]): string =>
  parts
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/-$/, '');

const serviceName = ({ domain, layer, table }: Contract): string => nameOf(domain, layer, table);

const serviceOf = (contract: Contract, { name, tags = [] }: OdcsContract): object => ({
  ...API,
  kind: 'Service',
  metadata: {
    name: serviceName(contract),
    displayName: name ?? contract.table,
    ...(tags.length > 0 && { labels: { tags } }),
    annotations: { contract: contract.id, version: contract.version },
  },
  spec: { description: contract.description.slice(0, 1050) },
});

function objectiveOf(level: SlaProperty, contract: Contract, report: Report): object[] {
  const { slo } = level.customProperties;
  if (level.property !== 'freshness') report([], `'${level.property}' has no equal: Sluice measures freshness`);
  else if (!slo) report(['customProperties'], "missing 'slo': without an objective there is no SLO to export");
  else return [freshnessSlo(level, slo, contract)];
  return [];
}

/** The metric is in seconds, once a run; a slice is good when the table was young enough in it. */
function freshnessSlo(
  level: SlaProperty,
  { objective, windowDays }: NonNullable<SlaProperty['customProperties']['slo']>,
  contract: Contract,
): object {
  const name = nameOf(serviceName(contract), level.property);
  const minutes = parseDuration(level.value, level.unit)?.minutes ?? 0;
  return {
    ...API,
    kind: 'SLO',
    metadata: { name, displayName: `Freshness of ${tableId(contract)}` },
    spec: {
      description: level.description ?? `Newest row no older than ${minutes} minutes.`,
      service: serviceName(contract),
      indicator: { metadata: { name }, spec: { thresholdMetric: { metricSource: metricOf(contract) } } },
      timeWindow: [{ duration: `${windowDays}d`, isRolling: true }],
      budgetingMethod: 'Timeslices',
      objectives: [
        {
          displayName: 'fresh',
          op: 'lte',
          value: minutes * 60,
          target: objective / 100,
          timeSliceTarget: 1,
          timeSliceWindow: '1m',
        },
      ],
    },
  };
}

/** A run measures how old the events are that its tables were made of: of each bronze table, and of the oldest. */
const metricOf = (contract: Contract): object => ({
  type: 'CloudWatch',
  spec: {
    namespace: 'Sluice',
    metricName: 'Freshness',
    statistic: 'Maximum',
    dimensions: { domain: contract.domain, ...(contract.layer === 'bronze' && { table: tableId(contract) }) },
  },
});
