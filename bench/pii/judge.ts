import { type Finding, KINDS, type Kind } from '../../lib/pii/finding.ts';
import { scanText } from '../../lib/pii/scan-text.ts';
import type { Document, Truth } from './corpus.ts';

/** What was found of a kind: right, wrong, and not at all. */
export interface Score {
  right: number;
  wrong: number;
  missed: number;
}

export type Scores = Readonly<Record<Kind, Score>>;

/** Kinds whose values prove themselves, by a checksum or by rules of their own. */
export const CHECKSUMMED: readonly Kind[] = [
  'email',
  'card',
  'iban',
  'us_ssn',
  'uk_nhs',
  'de_tax_id',
  'fr_nir',
  'it_fiscal_code',
  'es_dni',
];

/** Holds what is told of texts, checked or contextual, against the truth: kind, beginning and end have to be equal. */
export function judge(documents: readonly Document[]): Scores {
  const scores = Object.fromEntries(
    Object.keys(KINDS).map((kind) => [kind, { right: 0, wrong: 0, missed: 0 }]),
  ) as unknown as Scores;
  for (const { text, truth } of documents) {
    const told = scanText(text).filter(({ certainty }) => certainty === 'checked' || certainty === 'contextual');
    for (const finding of told) scores[finding.kind][truth.some((each) => isSame(each, finding)) ? 'right' : 'wrong']++;
    for (const each of truth) if (!told.some((finding) => isSame(each, finding))) scores[each.kind].missed++;
  }
  return scores;
}

const isSame = (truth: Truth, { kind, from, to }: Finding): boolean =>
  truth.kind === kind && truth.from === from && truth.to === to;

export const precisionOf = (scores: readonly Score[]): number => {
  const [right, wrong] = [sum(scores, 'right'), sum(scores, 'wrong')];
  return right / (right + wrong);
};

export const recallOf = (scores: readonly Score[]): number => {
  const [right, missed] = [sum(scores, 'right'), sum(scores, 'missed')];
  return right / (right + missed);
};

const sum = (scores: readonly Score[], key: keyof Score): number =>
  scores.reduce((total, score) => total + score[key], 0);
