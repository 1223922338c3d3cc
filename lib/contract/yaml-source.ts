import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { formatPath, type Problem, type YamlPath } from './problem.ts';

/** A YAML file as plain values, which still knows where each value stands. */
export class YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** What keeps the file from being YAML at all; its value is then meaningless. */
  readonly syntaxProblems: readonly Problem[];
  private readonly document: Document;
  private readonly lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    // The first only: what follows it is noise, the parser having lost its way.
    this.syntaxProblems = this.document.errors
      .slice(0, 1)
      .map(({ pos, message }) => this.problemAtOffset(pos[0], [], `not valid YAML: ${message}`));
    this.value = this.syntaxProblems.length > 0 ? undefined : this.document.toJS();
  }

  /** A problem at the key or list item that the path leads to, or as near to it as the file goes. */
  problem(path: YamlPath, text: string): Problem {
    let node: unknown = this.document.contents;
    let offset = 0;
    for (const step of path) {
      const next = this.step(node, step);
      if (!next) break;
      ({ node, offset } = next);
    }
    return this.problemAtOffset(offset, path, text);
  }

  private step(parent: unknown, step: string | number): { node: unknown; offset: number } | undefined {
    const node = isAlias(parent) ? parent.resolve(this.document) : parent;
    if (isSeq(node)) return isNode(node.items[Number(step)]) ? itemAt(node.items[Number(step)] as Node) : undefined;
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    return pair && isScalar(pair.key) ? { node: pair.value, offset: pair.key.range?.[0] ?? 0 } : undefined;
  }

  private problemAtOffset(offset: number, path: YamlPath, text: string): Problem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line, column: col, path: formatPath(path), text };
  }
}

const itemAt = (node: Node): { node: Node; offset: number } => ({ node, offset: node.range?.[0] ?? 0 });
