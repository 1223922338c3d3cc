import { chosenFiles, domainOfFiles } from '../../cli/load.ts';

const file = (name: string) => ({
  bucket: 'landing',
  key: `landing/commerce/stock_counts/${name}`,
  size: 1,
  etag: name,
});
const [first, second] = [file('a.csv'), file('b ä.csv')];
const uri = (name: string): string => `s3://landing/landing/commerce/stock_counts/${name}`;

test('all held files are meant when none is named, else those that are', () => {
  expect(chosenFiles([first, second], [])).toEqual([first, second]);
  expect(chosenFiles([first, second], [uri('b ä.csv')])).toEqual([second]);
});

test('a file that waits for nobody is refused, and those that do are named', () => {
  expect(() => chosenFiles([first], [uri('b ä.csv')])).toThrow(
    `'${uri('b ä.csv')}' is neither parked nor a file whose load failed; there are ${uri('a.csv')}`,
  );
});

test('files tell their domain, unless they are of several', () => {
  const domains = ['commerce', 'health'];
  const other = 's3://landing/landing/health/scans/a.csv';
  expect(domainOfFiles([uri('a.csv'), uri('b ä.csv')], domains)).toBe('commerce');
  expect(domainOfFiles([uri('a.csv'), other], domains)).toBeUndefined();
  expect(domainOfFiles([], domains)).toBeUndefined();
});
