import { readFileSync } from 'node:fs';
import { RULES } from '../../../lib/compatibility/rules.ts';

test('the documentation has every kind of change, with its verdicts and its reason', () => {
  const told = readFileSync('docs/compatibility.md', 'utf8').match(/^\| `\w+` \|.*$/gm);
  const rows = Object.entries(RULES).map(([kind, { readers, writers, trust, reason }]) => {
    const verdicts = [readers, writers, trust].map((verdict) => verdict.replace('none', '–'));
    return `| \`${kind}\` | ${[...verdicts, reason].join(' | ')} |`;
  });
  expect(told).toEqual(rows);
});
