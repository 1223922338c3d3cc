import { jest } from '@jest/globals';
import { PlatformUnderTest } from '../platform-under-test.ts';
import { PROCESSES, stormOf } from './storm.ts';
import { survive } from './survive.ts';

/** Longer storms over more days: `SLUICE_STORMS=<n>` says how many, each with a seed of its own. */
const STORMS = Number(process.env.SLUICE_STORMS ?? 4);
const DAYS = [
  ['2010-12-05', '2010-12-06', '2010-12-07'],
  ['2011-01-16', '2011-01-17', '2011-01-18'],
  ['2011-02-06', '2011-02-07', '2011-02-08'],
  ['2010-12-19', '2010-12-20', '2010-12-21'],
];
jest.setTimeout(60 * 60_000);
const platform = new PlatformUnderTest();

beforeAll(async () => {
  await platform.up();
  await platform.succeed('deploy', '--domain', 'commerce');
});

afterAll(() => platform.dispose());

for (let storm = 0; storm < STORMS; storm += 1)
  survive(platform, `everything dies, storm ${storm + 1}`, {
    days: DAYS[storm % DAYS.length] ?? [],
    rate: 10,
    storm: stormOf(storm + 1, 20, [...PROCESSES, 'the cloud']),
  });
