import { nearestWord } from './nearest-word.ts';

/** Keys and indices from the root of a YAML file to a value in it. */
export type YamlPath = readonly (string | number)[];

/** One thing that is wrong in a YAML file, and where. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** What was found, what is allowed, the nearest right word or the fix. */
  readonly text: string;
}

/** Takes note of what is wrong at a path of the file in hand. */
export type Report = (path: YamlPath, text: string) => void;

/** The report of a part of the file. */
export const at =
  (report: Report, ...prefix: YamlPath): Report =>
  (path, text) =>
    report([...prefix, ...path], text);

/** Everything that is wrong with the files of a project, together: a user should not have to fix one to see the next. */
export class InvalidFilesError extends Error {
  override readonly name = 'InvalidFilesError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column: path: text`, which editors and terminals make clickable. */
export const formatProblem = (problem: Problem): string => sentence(placeOf(problem), problem);

/** The same of a file as it was: `file:line:column at commit: path: text`. */
export const formatPastProblem = (problem: Problem, commit: string): string =>
  sentence(`${placeOf(problem)} at ${commit}`, problem);

const placeOf = ({ file, line, column }: Problem): string => `${file}:${line}:${column}`;

const sentence = (place: string, { path, text }: Problem): string => [place, path, text].filter(Boolean).join(': ');

/** `schema[0].properties[2].logicalType` */
export const formatPath = (path: YamlPath): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? shorten(step) : `${text}.${shorten(step)}`;
  }, '');

/** The sentence for a value that is not one of those allowed. */
export function notAllowed(found: unknown, allowed: readonly string[], fix?: string): string {
  const near = typeof found === 'string' ? nearestWord(found, allowed) : undefined;
  const told = `${describeFound(found)}, allowed: ${listed(allowed)}`;
  return [told, near && `did you mean '${near}'?`, fix].filter(Boolean).join('; ');
}

/** A list that still can be read: of a thousand tables, the nearest is what helps. */
const listed = (words: readonly string[]): string =>
  words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS).join(', ')}, … (${words.length} in all)` : words.join(', ');

const MAX_WORDS = 50;

/** What stands in the file, short enough for one line. */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'found nothing';
  if (Array.isArray(value)) return 'found a list';
  if (typeof value === 'object') return 'found a map';
  return typeof value === 'string' ? `found '${shorten(value)}'` : `found ${String(value)}`;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
