import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLocalCloud } from '../../../local/local-cloud.ts';

/** What every client needs to reach a local cloud of the test file's own. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts a local cloud for adapters to be tested against, and stops it after the last test. */
export function useLocalCloud(): () => ClientConfig {
  const home = mkdtempSync(path.join(tmpdir(), 'adapters-'));
  const cloud = openLocalCloud({ home });
  beforeAll(() => cloud.start(), 60_000);
  afterAll(async () => {
    await cloud.stop();
    rmSync(home, { recursive: true, force: true });
  }, 30_000);
  return () => ({
    endpoint: cloud.endpoint,
    region: cloud.env.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}
