import path from 'node:path';
import type { Entry } from '../../../cli/quarantine/entries.ts';
import type { Settled } from '../../../cli/wait.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { ProjectCopy } from '../project-copy.ts';
import { BrokenPlatform } from './broken-platform.ts';
import { addReader, shareEncounters } from './reading-domain.ts';
import { line, order, event as shopEvent } from './shop-events.ts';

const AT = '2011-03-01T10:00:00Z';

/** An event of the hospital; its id says nothing of a patient. */
const event = <Data extends object>(table: string, number: number, data: Data) => ({
  specversion: '1.0',
  id: `e2e-${table}-${number}`,
  source: '/health/hospital',
  type: `health.${table}.v1`,
  time: AT,
  data,
});
const patient = (number: number, change: object = {}) =>
  event('patients', number, {
    patient_id: `MRN-000004${number}`,
    full_name: `Made Up Person ${number}`,
    birth_year: 1950,
    postcode_area: 'XX',
    registered_at: AT,
    ...change,
  });
const encounter = (number: number, ward: string) =>
  event('encounters', number, {
    encounter_id: `E-${number}`,
    patient_id: 'MRN-0000041',
    ward,
    admitted_at: AT,
    discharged_at: null,
    diagnosis_code: 'D1',
  });
const encounters = [encounter(1, 'north'), encounter(2, 'north'), encounter(3, 'south')];
const observation = event('observations', 1, {
  observation_id: 'O-1',
  encounter_id: 'E-1',
  code: 'HR001',
  value: '72.500',
  unit: '1/min',
  observed_at: AT,
});

/** A hospital moves in beside the shop, and whoever plans its beds: with files below `domains/`, and nothing else. */
export function secondDomain(platform: PlatformUnderTest): void {
  describe('a second domain', () => {
    let refused: Entry | undefined;

    let project: ProjectCopy;

    test('whose tables a third one reads is deployed when their owner says so', async () => {
      project = new ProjectCopy(path.join(platform.folder, 'with-beds'));
      addReader(project);
      const refused = await platform.sluiceOf(project.folder, 'deploy');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/health\.silver\.encounters, which is not shared with beds; its owner ward-data@/);
      shareEncounters(project);
      expect(await platform.sluiceOf(project.folder, 'deploy')).toMatchObject({ code: 0 });
    });

    test('goes from events to gold, and its patients are tokens all the way', async () => {
      const events = [patient(1), patient(2, { birth_year: 'unknown' }), ...encounters, observation];
      await platform.succeed('send', 'hospital', platform.writeLines('health.jsonl', events));
      const { health } = await platform.json<{ health: Settled }>('wait', '--timeout', '540');
      expect(health.events).toEqual({ sent: 6, landed: 5, quarantined: 1 });
      expect(
        await platform.query('select ward, encounter_count from health_gold.gold_ward_activity order by 1'),
      ).toEqual([
        { ward: 'north', encounter_count: 2 },
        { ward: 'south', encounter_count: 1 },
      ]);
      const silver = await platform.query(`
          select p.*, e.encounter_id, o.value from health_silver.patients p
          join health_silver.encounters e using (patient_id) join health_silver.observations o using (encounter_id)`);
      const token = expect.stringMatching(/^tok_[0-9a-f]{32}$/);
      expect(silver).toMatchObject([{ encounter_id: 'E-1', patient_id: token, full_name: token, value: '72.500' }]);
      expect(JSON.stringify(silver)).not.toMatch(/MRN-|Made Up/);
    });

    test('is read by the third one as soon as its run has ended, and by no other way', async () => {
      const seen = await platform.sluiceOf(project.folder, 'wait', '--timeout', '240', '--json');
      const { beds } = JSON.parse(seen.stdout) as { beds: Settled };
      expect(beds.lastRun).toMatchObject({ status: 'succeeded', trigger: expect.stringMatching(/health/) });
      const stays = new Map<string, number>();
      for (const { data } of encounters) stays.set(data.ward, (stays.get(data.ward) ?? 0) + 1);
      const found = await platform.query('select ward, stays from beds_gold.gold_ward_stays');
      expect(new Map(found.map(({ ward, stays: number }) => [ward, number]))).toEqual(stays);
    });

    test('is shown beside the first one by commands that show', async () => {
      const listed = await platform.json<(Entry & { domain: string })[]>('quarantine', 'list', '--limit', '10000');
      expect(new Set(listed.map(({ domain }) => domain))).toEqual(new Set(['commerce', 'health']));
      refused = listed.find(({ domain }) => domain === 'health');
      expect(refused).toMatchObject({ table: 'health.bronze.patients', event_id: 'e2e-patients-2' });
      const waiting = await platform.json<{ domain: string; place: string }[]>('dlq', 'list');
      expect(waiting.filter(({ place }) => place === 'commits').map(({ domain }) => domain)).toEqual([
        'commerce',
        'health',
      ]);
      expect(await platform.json('evidence', 'verify')).toMatchObject([
        { domain: 'commerce', findings: [] },
        { domain: 'health', findings: [] },
      ]);
    });

    test('is not asked for where something waits in the other one only', async () => {
      await new BrokenPlatform(platform).park(shopEvent('e2e-one-waits', order('E2E-ONE-WAITS', [line(1)])), '8');
      const redriven = await platform.json('dlq', 'redrive');
      expect(redriven).toContainEqual({ place: 'on-failure', redriven: 1, left: [] });
      const nothing = [await platform.succeed('dlq', 'redrive'), await platform.succeed('load')];
      expect(nothing.map(({ stdout }) => stdout)).toEqual([
        'nothing waits\n',
        'no file is parked, and no load has failed\n',
      ]);
    });

    test('is found by what is named, and asked for where nothing says which', async () => {
      const { stdout } = await platform.succeed('quarantine', 'show', refused?.quarantine_id ?? '');
      expect(stdout).toContain('health.bronze.patients');
      expect(stdout).not.toMatch(/MRN-|Made Up/);
      const several = /there are several domains; say which: /;
      const run = await platform.sluice('run');
      expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(several)]);
      const discard = ['quarantine', 'discard', '--all', '--table', 'patients', '--reason', 'a test'];
      const left = await platform.sluice(...discard);
      expect(left.stderr).toMatch(/'patients' is health.bronze.patients and health.silver.patients; say which/);
    });
  });
}
