import path from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { type Contract, tableId } from '../../../lib/contract/contract.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { compileLanding } from '../../../lib/landing/landing.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { openSealer, recordOf, rowsIn, SECRET } from '../landing/orders.ts';
import { shopContracts } from './shop-contracts.ts';
import { synthesised } from './synthesised-platform.ts';

/** A hospital's domain: files below `domains/health`, and nothing else anywhere. */
const health = loadContracts(path.resolve(import.meta.dirname, '../../..')).filter(({ domain }) => domain === 'health');
const contractOf = (id: string): Contract => health.find((contract) => tableId(contract) === id)!;

const alone = synthesised('prod').templates;
const { app, templates } = synthesised('prod', [...shopContracts, ...health]);

test('files below its folder are all that a domain needs to be deployed, and no other domain notices', () => {
  const added = [...templates.keys()].filter((name) => !alone.has(name));
  expect(added.sort()).toEqual([
    'sluice-prod-health-catalog',
    'sluice-prod-health-ingest',
    'sluice-prod-health-observability',
    'sluice-prod-health-processing',
  ]);
  for (const part of ['catalog', 'ingest', 'observability', 'processing']) {
    const name = `sluice-prod-shop-${part}`;
    expect(templates.get(name)?.toJSON()).toEqual(alone.get(name)?.toJSON());
  }
});

test('a stack of health has what the shop’s has, but for the number of tables', () => {
  const typesOf = (name: string) => {
    const resources: Record<string, { Type: string }> = templates.get(name)?.toJSON().Resources ?? {};
    return [...new Set(Object.values(resources).map(({ Type }) => Type))].sort();
  };
  expect(typesOf('sluice-prod-health-processing')).toEqual(typesOf('sluice-prod-shop-processing'));
});

test('catalogues are deployed one after the other, since Lake Formation takes one change at a time', () => {
  const shop = app.node.findChild('sluice-prod-shop-catalog') as Stack;
  expect(shop.dependencies.map(({ stackName }) => stackName)).toContain('sluice-prod-health-catalog');
});

const PATIENT = {
  patient_id: 'MRN-0000042',
  full_name: 'Made Up Person',
  birth_year: 1950,
  postcode_area: 'XX',
  registered_at: '2010-12-01T08:26:00Z',
};
const event = {
  specversion: '1.0',
  id: 'h1',
  source: '/health/hospital',
  type: 'health.patients.v1',
  time: '2010-12-01T08:26:00Z',
  data: PATIENT,
};

test('who a patient is reaches bronze and quarantine only as tokens', () => {
  const gate = compileLanding('health', health, tokeniserOf(SECRET), { ...openSealer, seal: () => 'sealed' });
  gate.takeRecord(recordOf(event));
  gate.takeRecord(recordOf({ ...event, id: 'h2', data: { ...PATIENT, birth_year: 'unknown' } }, '101'));
  const tables = gate.drain();
  const [landed] = rowsIn(tables, 'health.bronze.patients');
  const [refused] = rowsIn(tables, 'health.ops.quarantine');
  expect(landed?.patient_id).toMatch(/^tok_[0-9a-f]{32}$/);
  expect(refused).toBeDefined();
  for (const row of [landed, refused]) {
    const text = JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).not.toContain(PATIENT.patient_id);
    expect(text).not.toContain(PATIENT.full_name);
  }
});

test('every column that tells of a patient is masked, or somebody answers for it', () => {
  const open = health.flatMap((contract) =>
    contract.columns
      .filter(({ pii, masking }) => pii !== 'none' && !masking)
      .map(({ name, classification }) => `${name} ${classification}`),
  );
  expect([...new Set(open)].sort()).toEqual([
    'birth_year restricted',
    'diagnosis_code restricted',
    'postcode_area confidential',
    'value restricted',
  ]);
  expect(contractOf('health.gold.gold_ward_activity').columns.every(({ pii }) => pii === 'none')).toBe(true);
});

test('what refers to a patient or an encounter says so', () => {
  expect(contractOf('health.silver.encounters').relationships).toEqual([
    {
      id: 'known_patient',
      columns: ['patient_id'],
      target: { table: 'health.silver.patients', columns: ['patient_id'] },
      onFailure: 'block',
    },
  ]);
  expect(contractOf('health.silver.observations').relationships[0]?.target.table).toBe('health.silver.encounters');
});

describe('gold that is made of a table of another domain', () => {
  const [orders] = shopContracts.filter(({ layer, table }) => layer === 'silver' && table === 'orders') as [Contract];
  const gold = contractOf('health.gold.gold_ward_activity');
  const reading = { ...gold, inputs: [...gold.inputs, { table: 'shop.silver.orders' }] };
  const all = [...shopContracts, ...health.map((each) => (each === gold ? reading : each))];
  const joined = synthesised('prod', all).templates;
  const resources = (name: string, type: string) => Object.values(joined.get(name)?.findResources(type) ?? {});

  test('is read in its folder by the planner and by Spark, and by nothing else', () => {
    expect(orders.domain).toBe('shop');
    const policies = Object.entries(
      joined.get('sluice-prod-health-processing')?.findResources('AWS::IAM::Policy') ?? {},
    );
    const reads = policies.flatMap(([id, { Properties }]) =>
      Properties.PolicyDocument.Statement.filter((each: object) => JSON.stringify(each).includes('/shop/orders/')).map(
        ({ Action }: { Action: string }) => `${id.replace(/[0-9A-F]{8}$/, '')} ${Action}`,
      ),
    );
    expect(reads.sort()).toEqual(['PlanRunRoleDefaultPolicy s3:GetObject', 'SparkJobRoleDefaultPolicy s3:GetObject']);
    expect(JSON.stringify(policies)).not.toContain('/shop/*');
  });

  test('has the domain run when a run of the other one has ended, and the other one knows nothing of it', () => {
    const rules = resources('sluice-prod-health-processing', 'AWS::Events::Rule').map(
      (rule) => rule.Properties.EventPattern,
    );
    expect(rules).toContainEqual({
      source: ['sluice'],
      'detail-type': ['RunEnded'],
      detail: { domain: ['shop'], outcome: ['succeeded', 'blocked'] },
    });
    for (const part of ['catalog', 'ingest', 'observability', 'processing']) {
      const name = `sluice-prod-shop-${part}`;
      expect(joined.get(name)?.toJSON()).toEqual(templates.get(name)?.toJSON());
    }
    expect(JSON.stringify([...joined.values()].map((each) => each.toJSON()))).not.toContain('Fn::ImportValue');
  });
});
