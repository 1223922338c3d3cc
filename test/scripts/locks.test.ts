import { globSync, readFileSync } from 'node:fs';

/** Where `scripts/lock-python.mjs` writes them. */
const locks = [
  'bench/*/requirements*.txt',
  'lambdas/*/requirements*.txt',
  'spark-jobs/requirements*.txt',
  'requirements/*.txt',
]
  .flatMap((pattern) => globSync(pattern))
  .map((file) => file.replaceAll('\\', '/'));

test('all locks of Python are looked at', () => {
  expect(locks).toEqual(expect.arrayContaining(['bench/quality/requirements.txt', 'requirements/local.txt']));
});

test.each(locks)('%s has a hash for every version, and no address', (file) => {
  const text = readFileSync(file, 'utf8');
  const pins = text.split(/\n(?=\S)/).filter((part) => !part.startsWith('#'));
  const bare = pins.filter((pin) => !/^[\w.[\]-]+==\S+ .*\\\n +--hash=sha256:[0-9a-f]{64}/.test(pin));
  expect(bare.map((pin) => pin.split('\n')[0])).toEqual([]);
  expect(text).not.toMatch(/:\/\/|--(extra-)?index-url|--find-links/);
});
