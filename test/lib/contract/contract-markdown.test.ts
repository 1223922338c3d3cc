import { contractMarkdown } from '../../../lib/contract/contract-markdown.ts';
import { durationText } from '../../../lib/contract/contract-sections.ts';
import { loadFiles } from './load-sample.ts';
import { sampleFiles } from './sample-contracts.ts';

const page = (found: string, put: string) =>
  contractMarkdown(loadFiles(sampleFiles('silver', found, put)).contracts.find(({ layer }) => layer === 'silver')!);

test('a page says what the contract promises', () => {
  const text = page(
    '- { property: freshness, value: 2',
    '- { property: retention, value: P1Y }\n  - { property: freshness, value: 2',
  );
  expect(text).toContain('| price | decimal(9,2) |  | internal |  |  |  |');
  expect(text).toContain('| email | string |  | restricted | direct | tokenise from bronze |  |');
  expect(text).toContain('| price\\_known | price | notIn, values 0 | block |');
  expect(text).toContain(
    '| not\\_empty | the table | rowCount, expect operator mustBeGreaterThan bounds 0 unit rows | block |',
  );
  expect(text).toContain('| freshness | 2 hours |  |  |');
  expect(text).toContain('| retention | 365 days |  |  |');
  expect(text).toContain('| help | issues |  |  |');
});

test('a page says when the domain is run by the clock, and by when the table is promised', () => {
  const text = page(
    'write: { mode: merge }\nslaProperties:',
    "write: { mode: merge }\n          schedule: { cron: '0 2 * * *', timeZone: Europe/London }\nslaProperties:\n  - { property: timeOfAvailability, value: '03:00' }",
  );
  expect(text).toContain('| run at | 0 2 \\* \\* \\* (Europe/London), and after commits |');
  expect(text).toContain('| timeOfAvailability | 03:00 (Europe/London) |  |  |');
});

test.each(['# heading', 'a | b', '<script>', '[link](https://example.com)', '`code`'])(
  'the text %j of a contract stays text',
  (text) => {
    const line = page('purpose: Every item once.', `purpose: '${text}'`)
      .split('\n')
      .find((each) => each.startsWith('| purpose'));
    expect(line?.replace(/\\(.)/g, '$1')).toBe(`| purpose | ${text} |`);
    expect(line).not.toMatch(/(?<!\\)[#<>[\]`]/);
  },
);

test.each([
  [1, '1 minute'],
  [90, '90 minutes'],
  [60, '1 hour'],
  [2880, '2 days'],
])('%d minutes are %s', (minutes, text) => {
  expect(durationText(minutes)).toBe(text);
});
