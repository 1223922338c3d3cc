import { readFileSync } from 'node:fs';
import path from 'node:path';
import { patternOf, readGuide } from './read-guide.ts';

test('commands come with their heading and with what one sees, in the order of the guide', () => {
  const blocks = readGuide('docs/guides/runs-and-recovery.md');
  expect(blocks[0]).toEqual({
    section: 'What a run is',
    commands: 'npx sluice plan commerce\n',
    seen: [expect.stringMatching(/^commerce: the next run/), expect.any(String), expect.any(String)],
  });
  expect(blocks.filter(({ seen }) => seen.length > 0).length).toBe(blocks.length);
});

test.each([
  ['<run>: succeeded in … s', 'commerce-20110104t100000-0badcafe: succeeded in 12 s', true],
  ['<run>: succeeded in … s', 'commerce-20110104t100000-0badcafe: blocked in 12 s', false],
  ['run … status', 'run                 status', true],
  ['gold is held (since …)', 'gold is held (since today)', true],
  ['1.2', '1x2', false],
])('%s is seen in "%s": %s', (line, text, isSeen) => {
  expect(patternOf(line).test(text)).toBe(isSeen);
});

test.each(['docs/guides/contracts.md', 'docs/guides/runs-and-recovery.md'])(
  'no command of %s is overlooked',
  (guide) => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../..', guide), 'utf8');
    const inBlocks = readGuide(guide).flatMap(({ commands }) => commands.match(/^npx sluice/gm) ?? []);
    expect(inBlocks.length).toBe(text.match(/^npx sluice/gm)?.length);
  },
);
