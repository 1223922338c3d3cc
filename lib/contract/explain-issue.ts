import * as z from 'zod';
import { nearestWord } from './nearest-word.ts';
import { describeFound, formatPath, notAllowed, type Problem, type YamlPath } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problem[] };

/**
 * Parse a YAML file by a schema; what does not fit is told in the words of the file, with its place. `value` is what
 * the file holds, unless something has been filled in.
 */
export function parseYaml<T>(source: YamlSource, schema: z.ZodType<T>, value = source.value): Parsed<T> {
  if (source.syntaxProblems.length > 0) return { ok: false, problems: [...source.syntaxProblems] };
  const parsed = schema.safeParse(value, { error: explain });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: refusalsOf(parsed.error).map(({ path, text }) => source.problem(path, text)) };
}

/** zod's issue as a sentence: what was found, what is allowed, the nearest right word. */
export function explain(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  if (input === undefined && issue.code !== 'custom') return `missing, allowed: ${expectedBy(issue)}`;
  switch (issue.code) {
    case 'invalid_value':
      return notAllowed(input, (issue.values as z.util.Primitive[]).map(String));
    case 'unrecognized_keys':
      return keysOf(issue.inst).join(', ');
    case 'custom':
      return issue.message;
    default:
      return `${describeFound(input)}, allowed: ${expectedBy(issue)}${quotesFor(issue)}`;
  }
}

/** YAML reads `1.0` and `yes` as it likes; quotes keep them text. */
const quotesFor = ({ code, input, ...issue }: z.core.$ZodRawIssue): string =>
  code === 'invalid_type' && issue.expected === 'string' && ['number', 'boolean'].includes(typeof input)
    ? '; put it in quotes'
    : '';

function expectedBy(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[String(issue.expected)] ?? String(issue.expected);
    case 'invalid_value':
      return (issue.values as z.util.Primitive[]).map(String).join(', ');
    case 'invalid_format':
      return `text that matches ${String(issue.pattern)}`;
    case 'too_small':
      return `${unitOf(issue.origin)}at least ${String(issue.minimum)}`;
    case 'too_big':
      return `${unitOf(issue.origin)}at most ${String(issue.maximum)}`;
    default:
      return 'another form, see docs/contract-reference.md';
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  nonoptional: 'any value',
};

const unitOf = (origin: unknown): string =>
  origin === 'array' ? 'a list of length ' : origin === 'string' ? 'text of length ' : '';

const keysOf = (inst: unknown): string[] => (inst instanceof z.ZodObject ? Object.keys(inst.shape) : []);

interface Refusal {
  readonly path: YamlPath;
  readonly text: string;
  /** Of an unknown key: the path that was meant, perhaps. */
  readonly meant?: YamlPath;
}

/** A misspelt key is one problem, not two: that the right one is missing goes without saying. */
function withoutMisspelt(refusals: readonly Refusal[]): Refusal[] {
  const meant = new Set(refusals.flatMap((refusal) => (refusal.meant ? [formatPath(refusal.meant)] : [])));
  return refusals.filter(({ path, text }) => !(text.startsWith('missing') && meant.has(formatPath(path))));
}

export const refusalsOf = (error: z.ZodError | undefined): Refusal[] =>
  withoutMisspelt((error?.issues ?? []).flatMap((issue) => refusalsOfIssue(issue, [])));

function refusalsOfIssue(issue: z.core.$ZodIssue, prefix: YamlPath): Refusal[] {
  const path = [...prefix, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key, issue.message.split(', ')));
  }
  if (issue.code === 'invalid_union') return unionRefusals(issue, path);
  return [{ path, text: issue.message }];
}

function unknownKey(parent: YamlPath, key: string, allowed: readonly string[]): Refusal {
  const near = nearestWord(key, allowed);
  const text = `unknown key: ${notAllowed(key, allowed)}`;
  return { path: [...parent, key], text, ...(near !== undefined && { meant: [...parent, near] }) };
}

/** Speak of the variant that the value has the shape of; of all of them when it has the shape of none. */
function unionRefusals({ errors }: z.core.$ZodIssueInvalidUnion, path: YamlPath): Refusal[] {
  const variants = errors.map((issues) => issues.flatMap((issue) => refusalsOfIssue(issue, path)));
  const meant = errors.findIndex(
    (issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'),
  );
  if (meant >= 0) return variants[meant] ?? [];
  const texts = variants.flatMap((refusals) => refusals.map(({ text }) => text));
  return [{ path, text: [...new Set(texts)].join('; or ') }];
}
