// Writes the dictionary of the metrics: npx tsx scripts/write-metrics-guide.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { loadMetrics } from '../lib/metrics/load-metrics.ts';
import { metricsMarkdown } from '../lib/metrics/metrics-markdown.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = metricsMarkdown(loadMetrics(root, loadContracts(root)));
writeFileSync(new URL('../docs/guides/business-metrics.md', import.meta.url), page);
