import { parse, type ScalarTag, type Tags } from 'yaml';

/**
 * What dbt, whose parser is PyYAML, reads of a text: YAML 1.1, in which `no` is false, `014` is twelve and `1:30` is
 * ninety. A day is text here, as dbt tells it on.
 */
export const parseDbtYaml = (text: string): unknown => parse(text, { version: '1.1', customTags: asPyYaml });

const asPyYaml = (tags: Tags): Tags => tags.flatMap((tag) => (typeof tag === 'string' ? tag : asPyYamlHasIt(tag)));

/** What PyYAML takes for a number: fewer texts than the standard and the parser in hand do, which take `1e3` for one. */
const NUMBER = [
  '[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)',
  '(?:[-+]?[0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?',
  '[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*',
  '[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)',
].join('|');

/** By kind, what a text must be besides; `y` is no truth to PyYAML. */
const LIMITS: Readonly<Record<string, string>> = {
  'tag:yaml.org,2002:int': `(?=(?:${NUMBER})$)`,
  'tag:yaml.org,2002:float': `(?=(?:${NUMBER})$)`,
  'tag:yaml.org,2002:bool': '(?![yYnN]$)',
};

function asPyYamlHasIt(tag: Exclude<Tags[number], string>): Tags {
  if (tag.tag === 'tag:yaml.org,2002:timestamp') return [];
  const limit = LIMITS[tag.tag];
  if (limit === undefined || !('test' in tag) || !tag.test) return [tag];
  return [{ ...tag, test: new RegExp(`^${limit}(?:${tag.test.source})`) } as ScalarTag];
}
