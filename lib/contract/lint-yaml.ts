import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { YamlPath } from './problem.ts';

/** What YAML allows and a file of ours does not, with where it stands. */
export interface Refused {
  readonly offset: number;
  readonly path: YamlPath;
  readonly text: string;
}

const MAX_DEPTH = 100;

interface Place {
  readonly node: unknown;
  readonly path: YamlPath;
}

/**
 * Anchors, tags and repeated keys mean one thing to one tool and another to the next, and an alias of aliases may grow
 * without end. The walk keeps its own stack: a file may be nested more deeply than calls can be.
 */
export function refusedIn({ contents, directives }: Document): Refused[] {
  if (directives?.yaml.explicit)
    return [{ offset: 0, path: [], text: `found %YAML ${directives.yaml.version}, allowed: no directive` }];
  const found: Refused[] = [];
  const open: Place[] = [{ node: contents, path: [] }];
  for (let place = open.pop(); place; place = open.pop()) {
    if (place.path.length > MAX_DEPTH)
      return [refuse(place.node, [], `found more than ${MAX_DEPTH} levels, allowed: ${MAX_DEPTH}`)];
    const text = refusalOf(place.node);
    if (text !== undefined) found.push(refuse(place.node, place.path, text));
    else open.push(...membersOf(place, found));
  }
  return found;
}

function refusalOf(node: unknown): string | undefined {
  if (isAlias(node)) return `found the alias '*${node.source}', allowed: the value itself`;
  if (!isNode(node)) return undefined;
  if ('anchor' in node && node.anchor !== undefined) return `found the anchor '&${node.anchor}', allowed: none`;
  return node.tag === undefined ? undefined : `found the tag '${node.tag}', allowed: none`;
}

function membersOf({ node, path }: Place, found: Refused[]): Place[] {
  if (isSeq(node)) return node.items.map((item, index) => ({ node: item, path: [...path, index] }));
  if (!isMap(node)) return [];
  const seen = new Set<unknown>();
  return node.items.map(({ key, value }) => {
    const name = isScalar(key) ? key.value : undefined;
    const own = [...path, String(name)];
    if (typeof name !== 'string') found.push(refuse(key, path, 'found a key that is no text; put it in quotes'));
    else if (seen.has(name)) found.push(refuse(key, own, `found '${name}' a second time, allowed: once in its map`));
    seen.add(name);
    const text = refusalOf(key);
    if (text !== undefined) found.push(refuse(key, own, text));
    return { node: value, path: own };
  });
}

const refuse = (node: unknown, path: YamlPath, text: string): Refused => ({
  offset: isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0,
  path,
  text,
});
