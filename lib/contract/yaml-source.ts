import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { decodeText } from './decode-text.ts';
import { refusedIn } from './lint-yaml.ts';
import { formatPath, type Problem, type YamlPath } from './problem.ts';

/** A YAML file as plain values, which can still tell where each value stands. */
export class YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** What keeps the file from being read at all; its value is then meaningless. */
  readonly syntaxProblems: readonly Problem[];
  private readonly text: string;
  private parsed: Parsed | undefined;

  /** Bytes are those of a file, whose encoding nobody has looked at yet. */
  constructor(file: string, content: string | Uint8Array) {
    this.file = file;
    const { text, refusal } = decodeText(content);
    this.text = text;
    this.syntaxProblems = refusal ? [this.problemAtOffset(refusal.offset, [], refusal.text)] : this.findProblems();
    this.value = this.syntaxProblems.length > 0 ? undefined : this.parse().document.toJS();
    // Of a thousand files without problems, the nodes would fill the memory for nothing.
    this.parsed = undefined;
  }

  private parse(): Parsed {
    this.parsed ??= parsed(this.text);
    return this.parsed;
  }

  private findProblems(): Problem[] {
    const { document } = this.parse();
    // The first only: what follows it is noise, the parser having lost its way.
    const [error] = document.errors;
    if (error) return [this.problemAtOffset(error.pos[0], [], explained(error.message))];
    return refusedIn(document).map(({ offset, path, text }) => this.problemAtOffset(offset, path, text));
  }

  /** A problem at the key or list item that the path leads to, or as near to it as the file goes. */
  problem(path: YamlPath, text: string): Problem {
    let node: unknown = this.parse().document.contents;
    let offset = 0;
    for (const step of path) {
      const next = stepFrom(node, step);
      if (!next) break;
      ({ node, offset } = next);
    }
    return this.problemAtOffset(offset, path, text);
  }

  private problemAtOffset(offset: number, path: YamlPath, text: string): Problem {
    const { line, col } = this.parse().lines.linePos(offset);
    // A file without a line break has no line yet.
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path: formatPath(path), text };
  }
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Keys are compared by `refusedIn`: the parser's own way takes half a minute for 20,000 of them. */
function parsed(text: string): Parsed {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false }), lines };
}

const explained = (message: string): string =>
  message.startsWith('Maximum call stack') ? 'nested too deeply to be read' : `not valid YAML: ${message}`;

type Step = { readonly node: unknown; readonly offset: number };

function stepFrom(node: unknown, step: string | number): Step | undefined {
  if (isSeq(node)) return isNode(node.items[Number(step)]) ? itemAt(node.items[Number(step)] as Node) : undefined;
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
  return pair && isScalar(pair.key) ? { node: pair.value, offset: pair.key.range?.[0] ?? 0 } : undefined;
}

const itemAt = (node: Node): Step => ({ node, offset: node.range?.[0] ?? 0 });
