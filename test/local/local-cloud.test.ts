import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type LocalCloud, openLocalCloud } from '../../local/local-cloud.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-local-cloud-'));
const home = path.join(folder, 'home');
const file = path.join(home, 'cloud.json');
const MINUTE = 60_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a local cloud', () => {
  const cloud: LocalCloud = openLocalCloud({ home });
  beforeAll(() => cloud.start(), MINUTE);
  afterAll(() => cloud.stop(), MINUTE);

  test('answers at its endpoint and says what a program needs to reach it', async () => {
    expect((await fetch(`${cloud.endpoint}/_ministack/health`)).ok).toBe(true);
    expect(cloud.env).toMatchObject({
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ALLOW_HTTP: 'true',
    });
  });

  test('is joined by whoever starts it a second time', async () => {
    const second = openLocalCloud({ home });
    await second.start();
    expect(second.endpoint).toBe(cloud.endpoint);
  });

  test('is not there for a folder on which none runs', async () => {
    const other = openLocalCloud({ home: path.join(folder, 'other') });
    expect(await other.attach()).toBe(false);
    expect(() => other.endpoint).toThrow(/no local cloud runs on .*other; start it with `sluice up`/);
  });

  test(
    'stops, keeps its port, and starts again over what a killed one left behind',
    async () => {
      const { endpoint } = cloud;
      await cloud.stop();
      expect(existsSync(file)).toBe(false);
      const left = { pid: process.pid, endpoint, region: 'us-east-1', startedAt: '', problems: [] };
      writeFileSync(file, JSON.stringify(left)); // the number of a process that is another program by now
      expect(await cloud.attach()).toBe(false);
      await cloud.start();
      expect(cloud.endpoint).toBe(endpoint);
    },
    MINUTE,
  );
});

test(
  'a port that is taken is told in one line',
  async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const cloud = openLocalCloud({ home: path.join(folder, 'taken'), port });
    await expect(cloud.start()).rejects.toThrow(`local cloud: port ${port} is taken by another program`);
    server.close();
  },
  MINUTE,
);

test('stopping where nothing runs leaves another program alone', async () => {
  const stale = path.join(folder, 'stale');
  mkdirSync(stale);
  writeFileSync(path.join(stale, 'cloud.json'), JSON.stringify({ pid: process.pid })); // this one, not a launcher
  await openLocalCloud({ home: stale }).stop();
  expect(existsSync(path.join(stale, 'cloud.json'))).toBe(false);
});
