import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../../../cli/quarantine/close-entries.ts';
import type { Entry } from '../../../cli/quarantine/entries.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { BrokenPlatform } from './broken-platform.ts';
import { event, line, order } from './shop-events.ts';

type Listed = Pick<Entry, 'quarantine_id' | 'event_id' | 'status' | 'attempts' | 'rules'>;
type Waiting = { place: string; waiting: number };

/** What was refused, undeliverable or given up on is found, shown, and brought on its way again. */
export function quarantine(platform: PlatformUnderTest): void {
  const broken = new BrokenPlatform(platform);
  const placeOf = (sequence: string) => ({ shard: 'file-e2e', sequence, index: 0, arrivedAt: 1_298_973_600_000_000n });
  const listed = (): Promise<Listed[]> => platform.json('quarantine', 'list', '--status', 'all', '--limit', '1000');
  const ofEvent = async (id: string): Promise<Listed | undefined> =>
    (await listed()).find(({ event_id }) => event_id === id);
  const idOf = async (id: string): Promise<string> => (await ofEvent(id))?.quarantine_id ?? '';
  const inBronze = (id: string): Promise<Row[]> =>
    platform.query(`select order_id, _shard, _sequence from commerce_bronze.orders where _event_id = '${id}'`);
  const waitingAt = async (place: string): Promise<number | undefined> =>
    (await platform.json<Waiting[]>('dlq', 'list')).find((each) => each.place === place)?.waiting;

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(500);
  }

  describe('the quarantine', () => {
    beforeAll(async () => {
      const file = platform.writeLines('refused.jsonl', [
        'two apples',
        event('e2e-misfit', order('E2E-MISFIT', [line(1, { quantity: 'many' })])),
        event('e2e-landed', order('E2E-LANDED', [line(1)])),
      ]);
      await platform.sendAndWait(file, '--raw');
      await broken.refuseUnknown(event('e2e-early', order('E2E-EARLY', [line(1)])), placeOf('1'));
      await until(async () => (await ofEvent('e2e-early')) !== undefined);
    });

    test('lists what was refused, and shows it masked; only who may decrypt sees it as it came', async () => {
      expect(await ofEvent('e2e-misfit')).toMatchObject({ status: 'open', attempts: 1, rules: ['g0.type'] });
      const id = await idOf('e2e-misfit');
      const { stdout: masked } = await platform.succeed('quarantine', 'show', id.slice(0, 16));
      expect(masked).toMatch(/refused by G0.*\n.*quantity/);
      expect(masked).not.toContain('4711');
      const { original } = await platform.json<{ original: string }>('quarantine', 'show', id, '--reveal');
      expect(JSON.parse(original)).toEqual(event('e2e-misfit', order('E2E-MISFIT', [line(1, { quantity: 'many' })])));
    });

    test('a replay under the same contract leaves it open, with one more attempt', async () => {
      const id = await idOf('e2e-misfit');
      const { code, stdout, stderr } = await platform.sluice('quarantine', 'replay', id);
      expect([code, stdout, stderr]).toEqual([1, '1 refused again\n', expect.stringContaining('1 event left open')]);
      expect(await ofEvent('e2e-misfit')).toMatchObject({ status: 'open', attempts: 2 });
      expect(await inBronze('e2e-misfit')).toEqual([]);
    });

    test('an event that came before its contract lands at its place, once however often it is replayed', async () => {
      const id = await idOf('e2e-early');
      const results = await platform.json<Result[]>('quarantine', 'replay', id);
      expect(results).toEqual([{ quarantineId: id, type: 'Replayed' }]);
      await until(async () => (await inBronze('e2e-early')).length > 0);
      expect(await platform.json<Result[]>('quarantine', 'replay', id)).toMatchObject([{ type: 'ClosedBefore' }]);
      expect(await ofEvent('e2e-early')).toMatchObject({ status: 'replayed', attempts: 2 });
      expect(await inBronze('e2e-early')).toEqual([
        { order_id: 'E2E-EARLY', _shard: 'file-e2e', _sequence: `${'1'.padStart(64, '0')}.000000` },
      ]);
    });

    test('what nobody will repair is discarded with the reason, and is still there', async () => {
      const args = ['--rule', 'g0.type', '--table', 'commerce.bronze.orders', '--reason', 'a producer under test'];
      await platform.succeed('quarantine', 'discard', '--all', ...args);
      const id = await idOf('e2e-misfit');
      const { entries } = await platform.json<{ entries: Row[] }>('quarantine', 'show', id);
      expect(entries.map(({ status, note }) => [status, note])).toEqual([
        ['discarded', 'a producer under test'],
        ['open', null],
        ['open', null],
      ]);
    });
  });

  describe('dead letters', () => {
    test('a message whose file is missing waits until the file is there, and is committed after a redrive', async () => {
      const early = event('e2e-late', order('E2E-LATE', [line(1)]));
      const { repair } = await broken.refuseUnknown(early, placeOf('2'), { late: true });
      await until(async () => (await waitingAt('commits')) === 1);
      await repair();
      const redriven = await platform.json('dlq', 'redrive', 'commits');
      expect(redriven).toEqual([{ place: 'commits', redriven: 1, left: [] }]);
      await until(async () => (await ofEvent('e2e-late')) !== undefined);
      expect(await waitingAt('commits')).toBe(0);
    });

    test('records that the stream gave up on land at their places, and are not listed again', async () => {
      await broken.park(event('e2e-parked', order('E2E-PARKED', [line(1)])), '7');
      expect(await waitingAt('on-failure')).toBe(1);
      await platform.succeed('dlq', 'redrive', 'on-failure');
      await until(async () => (await inBronze('e2e-parked')).length > 0);
      expect(await inBronze('e2e-parked')).toMatchObject([{ _shard: 'shardId-000000000009' }]);
      expect(await waitingAt('on-failure')).toBe(0);
    });
  });
}
