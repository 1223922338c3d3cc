import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeProblem } from '../../scripts/requirements.mjs';

/** A folder for PATH that holds just these commands, each a shell script. */
function machineWith(commands: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'machine-'));
  for (const [name, script] of Object.entries(commands))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

function setup(env: Record<string, string>) {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs'], { env, encoding: 'utf8' });
  return { status, lines: stderr.trim().split('\n').filter(Boolean) };
}

test('a machine without Python and Java gets one line each: found, needed, how to get it', () => {
  const { status, lines } = setup({ PATH: machineWith({}) });
  expect(status).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^Python: found none; needed 3\.11 or 3\.12 .*install/),
    expect.stringMatching(/^Java: found none; needed 17 .*install/),
  ]);
});

test('a wrong version is named', () => {
  const path = machineWith({ python3: 'echo 3.9.18', java: 'echo \'openjdk version "11.0.2" 2019-01-15\' >&2' });
  const { lines } = setup({ PATH: path });
  expect(lines[0]).toContain('Python: found 3.9.18;');
  expect(lines[1]).toContain('Java: found 11 (java);');
});

test('Node older than 20 is refused with what was found', () => {
  expect(nodeProblem('18.20.4')).toMatch(/^Node: found 18\.20\.4; needed 20 or later; install/);
  expect(nodeProblem('20.0.0')).toBeNull();
});

test('with everything in place it does nothing and says nothing', () => {
  expect(setup(process.env as Record<string, string>)).toEqual({ status: 0, lines: [] });
});
