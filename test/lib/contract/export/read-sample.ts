import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readContractFile } from '../../../../lib/contract/contract-file.ts';
import { type Exporter, type ExportSource, exportSource } from '../../../../lib/contract/export/export.ts';
import { formatPath } from '../../../../lib/contract/problem.ts';
import type { Variables } from '../../../../lib/contract/variables.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../../fixtures/exports');

/** A contract's text as a source of exports; one with problems is no sample. */
export function readSource(
  text: string,
  domain: string,
  layer: string,
  table: string,
  variables?: Variables,
): ExportSource {
  return exportSource(readContractFile('sample.odcs.yaml', { domain, layer, table }, text, variables));
}

/** A contract with every type and every kind of check. */
export const READINGS = readSource(readFileSync(`${FIXTURES}/readings.odcs.yaml`, 'utf8'), 'lab', 'silver', 'readings');

/** What an exporter makes, and what it says has no equal. */
export function exported(exporter: Exporter, source: ExportSource = READINGS): { text: string; losses: string[] } {
  const losses: string[] = [];
  const text = exporter(source, (where, what) => losses.push([formatPath(where), what].filter(Boolean).join(': ')));
  return { text, losses };
}

/** The export of the sample as it was looked at and found good. */
export const golden = (name: string): string => readFileSync(`${FIXTURES}/readings.${name}`, 'utf8');
