import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { openLocalCloud } from '../../local/local-cloud.ts';
import { broken, type Finding, ok } from './check.ts';

const NAME = 'local cloud';

/** Whether the cloud runs, was killed, or could start: its port may be another program's by now. */
export async function checkCloud(home: string): Promise<Finding> {
  const cloud = openLocalCloud({ home });
  const wasKilled = existsSync(path.join(home, 'cloud.json'));
  if (await cloud.attach()) {
    return cloud.problems.length === 0
      ? ok(NAME, `runs at ${cloud.endpoint}`)
      : broken(NAME, cloud.problems.join('; '));
  }
  const port = portOf(home);
  if (port !== undefined && !(await isFree(port))) {
    return broken(NAME, `its port ${port} is taken; stop the program that has it, or start afresh: sluice down --wipe`);
  }
  return ok(NAME, wasKilled ? 'was killed; `sluice up` repairs it' : 'is not running; `sluice up` starts it');
}

/** A cloud keeps its first port, because the URLs of its queues hold it. */
function portOf(home: string): number | undefined {
  const file = path.join(home, 'port');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
