import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writePages } from '../../cli/contract/pages-folder.ts';

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
