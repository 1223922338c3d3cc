import { parseAllDocuments } from 'yaml';
import { exportOpenSlo } from '../../../../lib/contract/export/export-openslo.ts';
import { exported, golden, READINGS } from './read-sample.ts';

const [level] = READINGS.odcs.slaProperties;
const withLevel = (change: Partial<typeof level>): typeof READINGS => ({
  ...READINGS,
  odcs: { ...READINGS.odcs, slaProperties: [{ ...level!, ...change }] },
});

test('the objectives of the sample are as they were found good', () => {
  expect(exported(exportOpenSlo).text).toBe(golden('openslo.yaml'));
});

test.each([
  [30, 'minutes', 1800],
  [2, 'hours', 7200],
  ['P1D', undefined, 86_400],
])('%s %s of freshness are compared in seconds, as they are measured', (value, unit, seconds) => {
  const [, slo] = parseAllDocuments(exported(exportOpenSlo, withLevel({ value, unit })).text).map((each) =>
    each.toJS(),
  );
  expect(slo.spec.objectives).toEqual([expect.objectContaining({ op: 'lte', value: seconds, target: 0.995 })]);
  expect(slo.spec.service).toBe('lab-silver-readings');
});

test('names are no longer than Kubernetes allows', () => {
  const contract = { ...READINGS.contract, table: 'a_very_long_name'.repeat(10) };
  for (const document of parseAllDocuments(exported(exportOpenSlo, { ...READINGS, contract }).text)) {
    expect(document.toJS().metadata.name).toMatch(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
  }
});

test('a service level without an objective is listed, not guessed', () => {
  const { text, losses } = exported(exportOpenSlo, withLevel({ customProperties: {} }));
  expect(text).not.toContain('kind: SLO');
  expect(losses).toEqual([
    "slaProperties[0].customProperties: missing 'slo': without an objective there is no SLO to export",
  ]);
});
