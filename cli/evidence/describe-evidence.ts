import { type Finding, keyOf } from '../../lib/evidence/chain.ts';
import type { EvidenceDocument } from '../../lib/evidence/document.ts';
import type { Change } from '../../lib/evidence/seal.ts';
import { plural, table } from '../shared/format.ts';

export const describeList = (documents: readonly EvidenceDocument[]): string =>
  documents.length === 0 ? 'no evidence yet: every run that ends leaves some' : table(documents.map(summaryOf));

function summaryOf({ number, runId, outcome, endedAt, tables, published }: EvidenceDocument) {
  const rules = tables.flatMap((each) => each.rules);
  return {
    document: number,
    run: runId,
    outcome,
    ended: endedAt.slice(0, 19).replace('T', ' '),
    tables: tables.length,
    rules: rules.length,
    'not passed': rules.filter((rule) => rule.outcome !== 'passed').length,
    approvals: rules.filter(({ override }) => override).length,
    published: published?.slot ?? '',
  };
}

/** One line for each thing that is wrong. */
export const describeFinding = (domain: string, finding: Finding): string =>
  `${keyOf(domain, finding.number)}: ${sentenceOf(finding)}`;

function sentenceOf(finding: Finding): string {
  switch (finding.type) {
    case 'Missing':
      return 'the document is missing; the lock keeps its versions: list them with their delete markers';
    case 'Misplaced':
      return `document ${finding.holds} lies in its place`;
    case 'Unproven':
      return 'nothing that is whole says what it was: neither the next document nor the ledger';
    case 'Changed':
      return `${finding.changes.map(describeChange).join('; ')}${finding.restored ? '' : '; what it was is known to the first version only'}`;
  }
}

function describeChange({ offset, length, was, is }: Change): string {
  if (was !== undefined && is !== undefined) return `byte ${offset} was ${shown(was)} and is ${shown(is)}`;
  return `changed among the ${plural(length, 'byte')} from byte ${offset} on`;
}

/** As hex, and as a character where there is one. */
const shown = (byte: number): string => {
  const hex = `0x${byte.toString(16).padStart(2, '0')}`;
  return byte > 0x20 && byte < 0x7f ? `${hex} '${String.fromCharCode(byte)}'` : hex;
};
