import { isDigit } from './characters.ts';
import { isNamed, wordsOf } from './context.ts';
import type { Finding, Word } from './finding.ts';

const NAMES = wordsOf(
  'mrns?|medical record|med rec|health record|chart (?:no|number)|(?:patient|hospital) (?:id|no|number|identifier)|' +
    'patientennummer|patienten-?id|fallnummer|dossier (?:patient|médical)|numéro de patient|historia clínica|nhc|' +
    'cartella clinica',
);
const PREFIX = /^MRN\d/i;
const [MIN_DIGITS, MIN_LENGTH, MAX_LENGTH] = [5, 6, 14];

/** Each hospital makes its own: only words before a number, or its column's name, tell that it is one. */
export function recogniseMedicalRecord(word: Word): Finding | undefined {
  const { text, from, to } = word;
  if (to - from < MIN_LENGTH || to - from > MAX_LENGTH || digitsIn(word) < MIN_DIGITS) return undefined;
  if (!PREFIX.test(text.slice(from, from + 4)) && !isNamed(word, NAMES)) return undefined;
  return { kind: 'medical_record', certainty: 'contextual', from, to };
}

function digitsIn({ text, from, to }: Word): number {
  let count = 0;
  for (let i = from; i < to; i++) if (isDigit(text.charCodeAt(i))) count++;
  return count;
}
