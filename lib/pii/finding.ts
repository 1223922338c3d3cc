import type { DigitRun } from './digit-run.ts';

/** What the recognisers know, and what a person calls it. */
export const KINDS = {
  email: 'an e-mail address',
  card: 'a card number',
  iban: 'an IBAN',
  us_ssn: 'a US social security number',
  uk_nhs: 'a UK NHS number',
  uk_nino: 'a UK national insurance number',
  de_tax_id: 'a German tax id',
  fr_nir: 'a French social security number',
  it_fiscal_code: 'an Italian fiscal code',
  es_dni: 'a Spanish DNI or NIE',
  phone: 'a phone number',
  ip: 'an IP address',
  medical_record: 'a medical record number',
} as const;
export type Kind = keyof typeof KINDS;

/**
 * How sure a recogniser is.
 * - `checked`: the value keeps a checksum, or rules of its own that leave little to chance.
 * - `contextual`: its form fits, and the words before it, or its column's name, say what it is.
 * - `possible`: its form and a weak checksum fit; one of ten numbers of that length does. Only many of them mean anything.
 * - `lookalike`: it has the form and fails the check: it tells that a column of such values is something else.
 */
export const CERTAINTIES = ['lookalike', 'possible', 'contextual', 'checked'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** Where something stands in a text, in UTF-16 units; never what it is, so that nothing can log it by mistake. */
export interface Finding {
  readonly kind: Kind;
  readonly certainty: Certainty;
  readonly from: number;
  readonly to: number;
}

/** A word of a text that has a digit in it: where recognisers are asked. */
export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Where the finding before it ended. */
  readonly after: number;
  /** What else tells the meaning: the name of the column. In lower case, words parted by spaces. */
  readonly hint: string;
  /** The long number that begins with it, if it is a number. */
  readonly run: DigitRun | undefined;
}

export type Recogniser = (word: Word) => Finding | undefined;

export const isSurer = (a: Finding, b: Finding | undefined): boolean =>
  !b || CERTAINTIES.indexOf(a.certainty) > CERTAINTIES.indexOf(b.certainty);
