import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScalarType } from '../../../lib/contract/contract.ts';
import { keepsNumber } from '../../../lib/landing/json-number.ts';
import { scalarOf } from '../../../lib/landing/read-scalar.ts';
import { cpuMillis } from '../../fixtures/cpu-millis.ts';

// A pattern that backtracks turns one hostile record into hours. A text of 200,000 characters makes a pattern whose time
// grows with the square of it take minutes, and a linear one milliseconds.
const LENGTH = 200_000;
const MAX_MILLIS = 200;

const LANDING = path.resolve(import.meta.dirname, '../../../lib/landing');
const LITERAL = /(?<=[=(,:!&|?\s])\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+\/[dgimsuvy]*(?=[\s.,;)\]])/g;

const files = readdirSync(LANDING).filter((name) => name.endsWith('.ts'));
const patterns = files.flatMap((name) => {
  const code = readFileSync(path.join(LANDING, name), 'utf8').replace(/^\s*(\/\*\*|\*|\/\/|import ).*$/gm, '');
  return (code.match(LITERAL) ?? []).map((literal): [string, RegExp] => [`${name}: ${literal}`, patternOf(literal)]);
});

function patternOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

const of = (part: string): string => part.repeat(Math.ceil(LENGTH / part.length));
const STARTS = ['', '-', '0.', '1', '-0.', '2011-01-04T10:00:00', 'decimal(', '"', 'v1.'];
const MIDDLES = ['0', '9', '1.', '0.0', 'e', '1e', '-', ' ', 'a', '.', ':', '\\', '(1,', 'T'].map(of);
const ENDS = ['', 'x', '!', '.', '1', 'Z'];
const hostile = STARTS.flatMap((start) => MIDDLES.flatMap((middle) => ENDS.map((end) => start + middle + end)));

/** The longest that one of the texts takes, in milliseconds. */
const slowest = (work: (text: string) => unknown): number =>
  Math.max(...hostile.map((text) => cpuMillis(() => work(text), MAX_MILLIS)));

test('the patterns of the landing path are found', () => {
  expect(patterns.length).toBeGreaterThanOrEqual(5);
  expect(files.map((name) => readFileSync(path.join(LANDING, name), 'utf8')).join()).not.toContain('new RegExp');
});

test.each(patterns)('%s is fast on every hostile text', (_name, pattern) => {
  expect(slowest((text) => pattern.test(text))).toBeLessThan(MAX_MILLIS);
});

test.each<[ScalarType]>([
  ['string'],
  ['int'],
  ['long'],
  ['double'],
  ['boolean'],
  ['date'],
  ['timestamp'],
  ['decimal(18,4)'],
  ['decimal(38,19)'],
])('a %s is read or refused at once, however long the text', (type) => {
  const { read } = scalarOf(type);
  expect(slowest(read)).toBeLessThan(MAX_MILLIS);
});

test('what a number keeps is told at once, however long it is', () => {
  expect(slowest(keepsNumber)).toBeLessThan(MAX_MILLIS);
});
