import { jsonValue } from '../../cli/query/athena.ts';

test.each([
  ['integer', '42', 42],
  ['bigint', '9007199254740993', '9007199254740993'],
  ['double', '1.5', 1.5],
  ['double', 'NaN', 'NaN'],
  ['decimal(18,4)', '2.5500', '2.5500'],
  ['boolean', 'false', false],
  ['varchar', '007', '007'],
  ['timestamp', '2011-01-04 10:00:00.000', '2011-01-04 10:00:00.000'],
  ['integer', undefined, null],
])('a %s that Athena writes as %s becomes %s: numbers only where they stay exact', (type, text, value) => {
  expect(jsonValue(type, text)).toBe(value);
});
