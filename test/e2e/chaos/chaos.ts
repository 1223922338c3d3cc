import type { PlatformUnderTest } from '../platform-under-test.ts';
import { PROCESSES, stormOf } from './storm.ts';
import { survive } from './survive.ts';

/** The storms of every day; `chaos.long.test.ts` has longer ones. */
export function chaos(platform: PlatformUnderTest): void {
  survive(platform, 'functions and the Spark driver die', {
    days: ['2010-12-12', '2011-01-09'],
    rate: 15,
    storm: stormOf(1, 9, PROCESSES),
  });
  survive(platform, 'the whole cloud dies', {
    days: ['2011-01-23', '2011-02-06'],
    rate: 25,
    storm: stormOf(2, 2, ['the cloud', ...PROCESSES.slice(0, 2)]),
  });
}
