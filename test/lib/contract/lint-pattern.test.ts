import { lintPattern } from '../../../lib/contract/lint-pattern.ts';

function problemOf(pattern: string): string | undefined {
  const texts: string[] = [];
  lintPattern(pattern, [], (_, text) => texts.push(text));
  return texts[0];
}

test.each([
  '^[A-Z]{3}$',
  'a|b',
  '^(?:\\d{4}-)?\\w+$',
  '^[^,\\]]*$',
  '^\\p{L}+\\.\\P{Nd}$',
  '^.{0,1000}?\\$\\{x\\}$',
  '^[-+a-z&]{2,}$',
])('the pattern %s means the same to every engine', (pattern) => {
  expect(problemOf(pattern)).toBeUndefined();
});

test.each([
  ['(', 'a regular expression'],
  ['a++', 'a regular expression'],
  ['(?=a)b', 'without looking around'],
  ['(?<!a)b', 'without looking around'],
  ['(?<year>\\d)', 'without looking around'],
  ['(a)\\1', 'allowed escapes'],
  ['\\u0041', 'allowed escapes'],
  ['\\p{Script=Greek}', 'allowed escapes'],
  ['a\\sb', 'what a space is'],
  ['[\\s]', 'what a space is'],
  ['\\bword', 'where a word ends'],
  ['[a[b]', 'inside [ ] write \\['],
  ['[a-z&&b]', 'without set operations'],
  ['[^]', 'a class names its characters'],
  ['a{1001}', 'at most 1000 repetitions'],
  ['a{2,2000}', 'at most 1000 repetitions'],
])('the pattern %s is refused: %s', (pattern, reason) => {
  expect(problemOf(pattern)).toContain(reason);
});
