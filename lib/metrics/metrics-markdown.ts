import { type Metric, SPANS } from './metric.ts';

/** The dictionary of a project's metrics as a page. The same metrics are the same page, to the byte. */
export const metricsMarkdown = (metrics: readonly Metric[]): string =>
  `${[HEAD, ...metrics.map(sectionOf)].join('\n\n')}\n`;

const HEAD = `# Business metrics

What the numbers mean that people go by. \`npx sluice metric\` lists them, and answers each: \`npx sluice metric net_revenue --by country --from 2010-12-01 --to 2010-12-31\`. Several of one table are answered together, and each may also be split by ${SPANS.join(', ')}. They are defined in \`domains/<domain>/metrics.yaml\`, from which \`npx tsx scripts/write-metrics-guide.ts\` writes this page.`;

const sectionOf = (metric: Metric): string =>
  [
    `## ${metric.name}`,
    metric.meaning,
    `\`\`\`sql\n${metric.formula}\n\`\`\``,
    [
      `- In ${metric.unit}, of \`${metric.domain}_gold.${metric.table}\` by \`${metric.time}\`; ${metric.owner} answers for it.`,
      ...(metric.dimensions.length > 0 ? [`- By ${metric.dimensions.map((name) => `\`${name}\``).join(', ')}.`] : []),
      ...metric.caveats.map((caveat) => `- ${caveat}`),
    ].join('\n'),
  ].join('\n\n');
