import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import type { Strike } from './storm.ts';

const ATTEMPTS = 4;

export interface Survival {
  readonly days: readonly string[];
  /** Events a second, so that the storm finds something going on. */
  readonly rate: number;
  readonly storm: readonly Strike[];
}

/** As reference_totals.py prints them. */
interface Totals {
  readonly invoices: number;
  readonly days: readonly Row[];
  readonly products: readonly Row[];
}

/** Replays days of a shop while things die, and compares what is left with totals from the files alone. */
export function survive(platform: PlatformUnderTest, name: string, { days, rate, storm }: Survival): void {
  describe(`a replay during which ${name}`, () => {
    let totals: Totals;
    let refusedBefore: number;

    beforeAll(async () => {
      const files = platform.shopDays(...days);
      totals = await platform.python<Totals>('reference_totals.py', platform.rates(), ...files);
      refusedBefore = await quarantined(platform);
      const sending = sendUntilTaken(platform, files, rate);
      for (const strike of storm) await deliver(platform, strike);
      await sending;
      await recover(platform);
    });

    const within = `order_date in (${days.map((day) => `date '${day}'`).join(', ')})`;
    const goldBy = (column: string): Promise<Row[]> => platform.goldBy(column, within);

    test('gives gold with lines, units and revenue of each day to the cent', async () => {
      expect(await goldBy('order_date')).toEqual(totals.days);
    });

    test('gives gold with lines, units and revenue of each product to the cent', async () => {
      expect(await goldBy('product_id')).toEqual(totals.products);
    });

    test('leaves every event in bronze, and no place twice', async () => {
      const [counted] = await platform.query(`
        select count(distinct order_id) as invoices, count(*) - count(distinct (_shard, _sequence)) as places_twice
        from commerce_bronze.orders where ordered_at::date in (${days.map((day) => `date '${day}'`).join(', ')})`);
      expect(counted).toEqual({ invoices: totals.invoices, places_twice: 0 });
    });

    test('puts nothing into quarantine for it', async () => {
      expect(await quarantined(platform)).toBe(refusedBefore);
    });
  });
}

async function quarantined(platform: PlatformUnderTest): Promise<number> {
  const { domains } = await platform.json<{ domains: { events: { quarantined: number } }[] }>('status');
  return domains[0]?.events.quarantined ?? Number.NaN;
}

/** As a producer does that knows only of what was acknowledged: it repeats the rest, which is to count once. */
async function sendUntilTaken(platform: PlatformUnderTest, files: readonly string[], rate: number): Promise<void> {
  for (;;) {
    const { code } = await platform.sluice('send', 'shop', ...files, '--rate', String(rate));
    if (code === 0) return;
    await sleep(500);
  }
}

async function deliver(platform: PlatformUnderTest, { afterMs, victim }: Strike): Promise<void> {
  await sleep(afterMs);
  if (victim !== 'the cloud') {
    const killed = platform.killChildren(victim);
    process.stderr.write(`chaos: ${victim} ${killed > 0 ? 'killed' : 'was not there'}\n`);
    return;
  }
  platform.kill();
  process.stderr.write('chaos: the cloud killed\n');
  await platform.up();
}

/** A run that lost its driver has failed, and says so; a person would start the next one. */
async function recover(platform: PlatformUnderTest): Promise<void> {
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { code, stderr } = await platform.sluice('wait', '--timeout', '180');
    if (code === 0) return;
    problem = stderr;
    await platform.sluice('run', '--wait');
  }
  throw new Error(`not at rest ${ATTEMPTS} times after the storm:\n${problem}`);
}
