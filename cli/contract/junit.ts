import { formatProblem, type Problem } from '../../lib/contract/problem.ts';
import type { LintResult } from './lint-paths.ts';

/** The report that build servers read: a test for each file, failed by each of its problems. */
export function junitOf({ files, problems }: Pick<LintResult, 'files' | 'problems'>): string {
  const cases = files.map((file) =>
    testCase(
      file,
      problems.filter((problem) => problem.file === file),
    ),
  );
  const failures = files.filter((file) => problems.some((problem) => problem.file === file)).length;
  const counts = `tests="${files.length}" failures="${failures}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="contracts" ${counts}>`,
    ...cases,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(file: string, problems: readonly Problem[]): string {
  const head = `<testcase classname="contracts" name="${escaped(file)}"`;
  const [first] = problems;
  if (!first) return `${head}/>`;
  const text = problems.map(formatProblem).join('\n');
  return `${head}><failure message="${escaped(first.text)}">${escaped(text)}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of XML; what XML cannot hold at all, such as control characters, becomes a space. */
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => ENTITIES[each] ?? each).replace(/[^\t\n\r\u0020-\ufffd]/g, ' ');
