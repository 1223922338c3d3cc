// Precision, recall and speed of the PII recognisers on texts whose truth is known: npm run bench:pii -- [--json] [--documents n] [--seed n]
import { parseArgs } from 'node:util';
import { KINDS, type Kind } from '../lib/pii/finding.ts';
import { scanText } from '../lib/pii/scan-text.ts';
import { figuresOf } from './measure.ts';
import { corpusOf, type Document } from './pii/corpus.ts';
import { CHECKSUMMED, judge, precisionOf, recallOf } from './pii/judge.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    documents: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '20261' },
  },
});
const ROUNDS = 7;
const MB = 1e6;

/** MB of UTF-8 a second on this one core; the first round warms up. */
function speedOf(documents: readonly Document[]): number {
  const texts = documents.map(({ text }) => text);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const speeds = Array.from({ length: ROUNDS + 1 }, () => {
    const started = process.cpuUsage();
    let findings = 0;
    for (const text of texts) findings += scanText(text).length;
    const { user, system } = process.cpuUsage(started);
    if (findings === 0) throw new Error('nothing was found: the corpus, or the scan, is empty');
    return bytes / MB / ((user + system) / 1e6);
  });
  return figuresOf(speeds.slice(1)).median;
}

const documents = corpusOf(Number(values.documents), Number(values.seed));
const scores = judge(documents);
const kinds = Object.keys(KINDS) as Kind[];
const rounded = (value: number): number => Number(value.toFixed(4));
for (const kind of kinds) {
  const { right, wrong, missed } = scores[kind];
  const [precision, recall] = [precisionOf([scores[kind]]).toFixed(4), recallOf([scores[kind]]).toFixed(4)];
  process.stdout.write(
    `${kind.padEnd(15)} precision ${precision} recall ${recall} (${right} right, ${wrong} wrong, ${missed} missed)\n`,
  );
}
const speed = speedOf(documents);
const checksummed = CHECKSUMMED.map((kind) => scores[kind]);
const figures = {
  precision: rounded(precisionOf(Object.values(scores))),
  recall: rounded(recallOf(Object.values(scores))),
  precisionChecksummed: rounded(precisionOf(checksummed)),
  recallChecksummed: rounded(recallOf(checksummed)),
  megabytesPerSecondPerCore: Number(speed.toFixed(1)),
  documents: documents.length,
  seed: Number(values.seed),
};
process.stdout.write(
  `all: precision ${figures.precision}, recall ${figures.recall}; checksummed: ${figures.precisionChecksummed}, ` +
    `${figures.recallChecksummed}; ${figures.megabytesPerSecondPerCore} MB/s a core\n`,
);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
