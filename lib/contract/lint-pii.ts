import { CLASSIFICATIONS, PII, type Pii } from './contract.ts';
import type { Item, Property } from './odcs-table.ts';
import { notAllowed, type Report } from './problem.ts';

/** What the tags say of a column: `pii.indirect`, `pii.special`; `pii` alone, or of a kind, is direct. The worst counts. */
export function piiOf({ tags = [] }: Pick<Item, 'tags'>): Pii {
  const kinds = tags.filter((tag) => tag === 'pii' || tag.startsWith('pii.')).map((tag) => tag.slice('pii.'.length));
  if (kinds.length === 0) return 'none';
  return PII.findLast((kind) => kind !== 'none' && kinds.includes(kind)) ?? 'direct';
}

/** The kind that a tag names besides, such as `email` of `pii.email`. */
export function piiTypeOf({ tags = [] }: Pick<Item, 'tags'>): string | undefined {
  const kinds = tags.filter((tag) => tag.startsWith('pii.')).map((tag) => tag.slice('pii.'.length));
  return kinds.find((kind) => !PII.includes(kind as Pii));
}

/** Personal data is classified as such, and masked, or somebody answers for it. */
export function lintPii({ classification, tags, logicalType, customProperties }: Property, report: Report): void {
  const { masking } = customProperties;
  const reportMasking = (text: string) => report(['customProperties'], `masking: ${text}`);
  if (masking?.method === 'tokenise' && logicalType !== 'string') {
    reportMasking(`found 'tokenise' on ${logicalType}, allowed: on string`);
  }
  if (piiOf({ tags }) === 'none') return;
  if (CLASSIFICATIONS.indexOf(classification) < CLASSIFICATIONS.indexOf('confidential')) {
    report(['classification'], notAllowed(classification, ['confidential', 'restricted'], 'the column is tagged pii'));
  }
  if (!masking) {
    reportMasking('missing, allowed: a masking of vendor sluice; the column is tagged pii');
  } else if (masking.method === 'none' && !(masking.approvedBy && masking.reason)) {
    reportMasking("found 'none' on a column tagged pii, allowed: with approvedBy and reason");
  }
}
