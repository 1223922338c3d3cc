import { notAllowed, type Report, type YamlPath } from './problem.ts';

/**
 * Report what is no regular expression, or one that Java (Spark) and RE2 (DuckDB) read differently. What is left means:
 * `.` is any character but a line feed, `^` and `$` are the ends of the text, `\d` and `\w` know ASCII only.
 */
export function lintPattern(pattern: string, path: YamlPath, report: Report): void {
  try {
    new RegExp(pattern, 'u');
  } catch {
    report(path, notAllowed(pattern, ['a regular expression']));
    return;
  }
  for (const token of pattern.match(TOKENS) ?? []) {
    const problem = problemOf(token);
    if (!problem) continue;
    report(path, `found '${token}', allowed: what every engine reads alike; ${problem}`);
    return;
  }
}

const TOKENS = /\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?.|\{\d+,?\d*\}|./gsu;

function problemOf(token: string): string | undefined {
  if (token.startsWith('\\')) return escapeProblem(token);
  if (token.startsWith('[')) return classProblem(token);
  if (token.startsWith('(?') && token !== '(?:') return 'groups are ( ) and (?: ), without looking around and flags';
  const [, low = '0', high = '0'] = /^\{(\d+),?(\d*)\}$/.exec(token) ?? [];
  return Math.max(Number(low), Number(high)) > MOST ? `at most ${MOST} repetitions` : undefined;
}

/** The most that RE2 counts. */
const MOST = 1000;

const LIKE_ESCAPES = /^\\(?:[dDwWtnrf]|[\p{P}\p{S}])$/u;
const CATEGORY = /^\\[pP]\{(?:L[ultmo]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|M[nce]?|C[cf]?)\}$/;

function escapeProblem(token: string): string | undefined {
  if (LIKE_ESCAPES.test(token) || CATEGORY.test(token)) return undefined;
  if (/^\\s$/i.test(token)) return 'engines disagree on what a space is; use [ \\t\\n\\r]';
  if (/^\\b$/i.test(token)) return 'engines disagree on where a word ends; say which characters may stand there';
  return 'allowed escapes: \\d \\D \\w \\W \\t \\n \\r \\f, \\p{L} and other categories, and \\ before a sign';
}

function classProblem(token: string): string | undefined {
  for (const escaped of token.match(/\\[pP]\{[^}]*\}|\\./gsu) ?? []) {
    const problem = escapeProblem(escaped);
    if (problem) return problem;
  }
  const inside = token.slice(1, -1).replace(/\\./gsu, '\\');
  if (inside === '' || inside === '^') return 'a class names its characters';
  if (inside.includes('[')) return 'inside [ ] write \\[';
  return /&&|--|~~/.test(inside) ? 'a class is a list of characters and ranges, without set operations' : undefined;
}
