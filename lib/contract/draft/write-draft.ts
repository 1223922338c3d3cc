import { type Document, isNode, type Node } from 'yaml';
import { formatPath, type Report, type YamlPath } from '../problem.ts';
import { printYaml, yamlDocument } from '../write-yaml.ts';
import type { Draft } from './draft.ts';
import { draftContract } from './draft-contract.ts';

/** The contract's file. */
export interface WrittenDraft {
  readonly text: string;
  /** How many places a person must confirm; each bears a comment. */
  readonly doubts: number;
}

/** How a place is marked that a person must look at. */
export const CONFIRM = 'CONFIRM';

/** Writes a draft as YAML. What nobody has said yet is marked; what has no place is told to `loss`. */
export function writeDraft(draft: Draft, loss: Report): WrittenDraft {
  const doubts = new Map<string, { path: YamlPath; texts: string[] }>();
  const contract = draftContract(
    draft,
    (path, text) => {
      const known = doubts.get(formatPath(path)) ?? { path, texts: [] };
      doubts.set(formatPath(path), { path, texts: [...known.texts, text] });
    },
    loss,
  );
  const document = yamlDocument(contract);
  for (const { path, texts } of doubts.values()) mark(document, path, texts.join('; '));
  return { text: printYaml(document, 0), doubts: doubts.size };
}

/** A comment behind a value, or before a map or list. */
function mark(document: Document, path: YamlPath, text: string): void {
  const node = document.getIn(path, true);
  if (!isNode(node)) throw new Error(`nothing stands at ${formatPath(path)}, which is to be confirmed`);
  const comment = ` ${CONFIRM}: ${text}`;
  if (isScalarNode(node)) node.comment = comment;
  else node.commentBefore = comment;
}

const isScalarNode = (node: Node): boolean => !('items' in node);
