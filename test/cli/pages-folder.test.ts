import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writePages } from '../../cli/contract/pages-folder.ts';
import { OperationError } from '../../cli/shared/errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pages-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const pagesThere = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.md'));

test('a page that it wrote goes with its contract; those of others, and those that others changed, stay', () => {
  put('notes.md', 'Of somebody else.');
  expect(writePages(folder, { 'a.md': 'A', 'b.md': 'B', 'c.md': 'C' })).toEqual([]);
  put('b.md', 'B, and what somebody had to say of it.');
  expect(writePages(folder, { 'a.md': 'A again' })).toEqual(['c.md']);
  expect(pagesThere()).toEqual(['a.md', 'b.md', 'notes.md']);
  expect(readFileSync(path.join(folder, 'a.md'), 'utf8')).toBe('A again');
  expect(writePages(folder, {})).toEqual(['a.md']);
});

test('where a page is gone already, there is nothing to remove', () => {
  writePages(folder, { 'a.md': 'A' });
  rmSync(path.join(folder, 'a.md'));
  expect(writePages(folder, {})).toEqual([]);
});

describe('where somebody else has put a page of that name', () => {
  beforeEach(() => {
    put('README.md', 'Of somebody else.');
    put('b.md', 'And this.');
  });

  test('nothing at all is written, and all such pages are named', () => {
    const refusal = (name: string) =>
      `${path.join(folder, name)}: found a page that this command did not write, allowed: none, or one that .contract-pages.json lists; move it, or name another folder with --out`;
    expect(() => writePages(folder, { 'a.md': 'A', 'b.md': 'B', 'README.md': 'Index' })).toThrow(
      new OperationError([refusal('b.md'), refusal('README.md')].join('\n')),
    );
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'b.md']);
    expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toBe('Of somebody else.');
  });

  test('a page that says what is to be written stays as it is, and is its own from then on', () => {
    writePages(folder, { 'README.md': 'Of somebody else.' });
    writePages(folder, { 'README.md': 'Index' });
    expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toBe('Index');
  });

  test('own pages are not taken away either', () => {
    writePages(folder, { 'a.md': 'A' });
    expect(() => writePages(folder, { 'README.md': 'Index' })).toThrow(OperationError);
    expect(pagesThere()).toEqual(['README.md', 'a.md', 'b.md']);
  });
});

test.each([
  ['is no JSON', '{'],
  ['names a file elsewhere', JSON.stringify({ '../outside.md': 'x' })],
  ['names what is no page', JSON.stringify({ 'notes.txt': 'x' })],
])('a list that %s is none of ours, and removes nothing', (_, text) => {
  put('.contract-pages.json', text);
  put('notes.txt', 'x');
  expect(writePages(folder, { 'a.md': 'A' })).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['.contract-pages.json', 'a.md', 'notes.txt']);
});
