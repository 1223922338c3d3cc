import { AT, isDigit, isJoinedBefore, isWordPart } from './characters.ts';
import { digitRunOf } from './digit-run.ts';
import { type Finding, isSurer, type Recogniser, type Word } from './finding.ts';
import { recogniseCard } from './recognise-card.ts';
import { recogniseTaxId } from './recognise-de-tax-id.ts';
import { recogniseEmail } from './recognise-email.ts';
import { recogniseDni } from './recognise-es-dni.ts';
import { recogniseNir } from './recognise-fr-nir.ts';
import { recogniseIban } from './recognise-iban.ts';
import { recogniseIp } from './recognise-ip.ts';
import { recogniseFiscalCode } from './recognise-it-fiscal-code.ts';
import { recogniseMedicalRecord } from './recognise-medical-record.ts';
import { recognisePhone } from './recognise-phone.ts';
import { recogniseNhsNumber, recogniseNino } from './recognise-uk-ids.ts';
import { recogniseSsn } from './recognise-us-ssn.ts';

/** Of two that are equally sure, the first one is right: what has the stricter rule stands before. */
const NUMBERS: readonly Recogniser[] = [
  recogniseNir,
  recogniseCard,
  recogniseTaxId,
  recogniseSsn,
  recogniseNino,
  recogniseDni,
  recogniseIp,
  recognisePhone,
  recogniseMedicalRecord,
  recogniseNhsNumber,
];
/** Of words that begin with a letter. */
const CODES: readonly Recogniser[] = [
  recogniseIban,
  recogniseNino,
  recogniseFiscalCode,
  recogniseDni,
  recogniseMedicalRecord,
];
/** Of words that go on to the left, as most do that have digits: parts of UUIDs, paths and times. */
const PARTS: readonly Recogniser[] = [recogniseDni, recogniseMedicalRecord];

const recognisersOf = ({ text, from }: Word): readonly Recogniser[] =>
  isJoinedBefore(text, from) ? PARTS : isDigit(text.charCodeAt(from)) ? NUMBERS : CODES;

/**
 * Finds personal data in a text, in the order in which it stands there. Takes time in proportion to the text, whatever it
 * holds: each word is looked at once, and a recogniser looks no further than its longest value.
 * @param hint what else tells the meaning, such as the name of the text's column.
 */
export function scanText(text: string, hint = ''): Finding[] {
  const findings: Finding[] = [];
  let [at, after] = [nextAnchor(text, 0), 0];
  while (at < text.length) {
    const word = wordAt(text, at, after, hint);
    const finding = text.charCodeAt(at) === AT ? recogniseEmail(text, at, after) : recognise(word);
    if (finding) findings.push(finding);
    if (finding && isClaimed(finding)) after = finding.to;
    at = nextAnchor(text, Math.max(after, word.to));
  }
  return findings;
}

/** A wrong IBAN is one all the same: its groups are no card. What else fails a check may begin with another value. */
const isClaimed = ({ kind, certainty }: Finding): boolean => certainty !== 'lookalike' || kind === 'iban';

/** All that is recognised has a digit in it, or an `@`. */
function nextAnchor(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== AT && !isDigit(text.charCodeAt(at))) at++;
  return at;
}

function wordAt(text: string, at: number, after: number, hint: string): Word {
  let [from, to] = [at, at + 1];
  while (from > after && isWordPart(text.charCodeAt(from - 1))) from--;
  while (isWordPart(text.charCodeAt(to))) to++;
  return { text, from, to, after, hint, run: digitRunOf(text, from, to) };
}

function recognise(word: Word): Finding | undefined {
  let surest: Finding | undefined;
  for (const recogniser of recognisersOf(word)) {
    const finding = recogniser(word);
    if (finding?.certainty === 'checked') return finding;
    if (finding && isSurer(finding, surest)) surest = finding;
  }
  return surest;
}
