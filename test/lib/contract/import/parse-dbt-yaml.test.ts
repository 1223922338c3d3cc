import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parseDbtYaml } from '../../../../lib/contract/import/parse-dbt-yaml.ts';

/** What PyYAML makes of each text, with which dbt reads: null where it refuses it. A date is text to dbt's manifest, too. */
function readByPython(texts: readonly string[]): unknown[] {
  const program = `
import json, sys, yaml
def read(text):
    try: return [yaml.safe_load(text)]
    except Exception: return None
print(json.dumps([read(text) for text in json.load(sys.stdin)], default=str))`;
  const input = JSON.stringify(texts);
  const { status, stdout, stderr } = spawnSync('.venv/bin/python', ['-c', program], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const WORDS = [
  ...['yes', 'Yes', 'YES', 'no', 'No', 'on', 'ON', 'off', 'Off', 'y', 'Y', 'n', 'N', 'true', 'True', 'FALSE', 'oN'],
  ...['014', '-014', '0o14', '08', '089', '0', '00', '+1', '1_000', '0x1F', '0x1E5', '0b11', '-0b11', '1:30', '0:30'],
  ...['190:20:30', '20:30.15', '1:60', '1e3', '1.5e3', '1.0e+3', '.5', '.5e-1', '1.', '5_0.1', '~', 'null', 'Null', ''],
  ...['2024-01-01', '"no"', "'014'", 'no way', '1.2.3', '0.10'],
];

/** To which -0 is 0, as it is to Python. */
const asJson = (value: unknown): string => JSON.stringify(value);

const mapOf = (text: string): string => `a: ${text}`;

test('what stands without quotes is what it is to dbt', () => {
  const texts = WORDS.map(mapOf);
  expect(texts.map((text) => [parseDbtYaml(text)])).toEqual(readByPython(texts));
});

test('so is whatever looks like a number, a time or a truth', () => {
  const likely = fc.string({ unit: fc.constantFrom(...'0123456789.:eE+-xobyn'), minLength: 1, maxLength: 7 });
  const texts = fc.sample(likely, { numRuns: 3000, seed: 11 }).map(mapOf);
  readByPython(texts).forEach((expected, index) => {
    const text = texts[index] ?? '';
    if (expected !== null) expect([text, asJson([parseDbtYaml(text)])]).toEqual([text, asJson(expected)]);
  });
});

test('a merge takes the settings of another map', () => {
  expect(parseDbtYaml('base: &b { severity: warn }\nown:\n  <<: *b\n  where: x')).toMatchObject({
    own: { severity: 'warn', where: 'x' },
  });
});
