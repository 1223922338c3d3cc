import {
  CLASSIFICATIONS,
  type Classification,
  type Column,
  type Contract,
  LAYERS,
  PII,
  type Pii,
} from '../contract/contract.ts';

/** The four keys by which access is decided. A grant that names them all cannot reach what lacks one of them. */
export const TAG_KEYS = ['tier', 'domain', 'class', 'pii'] as const;
export const TIERS = [...LAYERS, 'ops'] as const;
export type Tier = (typeof TIERS)[number];

/** How sensitive a stored value is. */
export interface Sensitivity {
  readonly class: Classification;
  readonly pii: Pii;
}

/** What a column or table gets that no contract describes: nobody's. */
export const MOST_SENSITIVE: Sensitivity = { class: 'restricted', pii: 'special' };
export const TECHNICAL: Sensitivity = { class: 'internal', pii: 'none' };

/** Levels up to the given one, as a grant lists them. */
export const classesUpTo = (highest: Classification): readonly Classification[] =>
  CLASSIFICATIONS.slice(0, CLASSIFICATIONS.indexOf(highest) + 1);

/** A column is as sensitive as its most sensitive member, judged by what the layer stores after masking. */
export function sensitivityOf(column: Column, layer: Contract['layer']): Sensitivity {
  const own: Sensitivity = { class: column.classification, pii: storedPii(column, layer) };
  return mostSensitive([own, ...membersOf(column).map((member) => sensitivityOf(member, layer))]);
}

/** A table is as sensitive as its most sensitive column, so that a column added by hand inherits the strictest tags. */
export const sensitivityOfTable = (contract: Contract): Sensitivity =>
  mostSensitive(contract.columns.map((column) => sensitivityOf(column, contract.layer)));

export const mostSensitive = (all: readonly Sensitivity[]): Sensitivity => ({
  class: highestOf(
    CLASSIFICATIONS,
    all.map((one) => one.class),
  ),
  pii: highestOf(
    PII,
    all.map((one) => one.pii),
  ),
});

/** A token, hash or redaction names nobody any more; a generalised or noisy value still narrows down who it is. */
function storedPii({ pii, masking }: Column, layer: Contract['layer']): Pii {
  const isMasked = masking && masking.method !== 'none' && LAYERS.indexOf(masking.from) <= LAYERS.indexOf(layer);
  if (!isMasked || pii === 'none') return pii;
  return masking.method === 'generalise' || masking.method === 'noise' ? 'indirect' : 'none';
}

const membersOf = ({ items, fields }: Pick<Column, 'items' | 'fields'>): readonly Column[] =>
  fields ?? (items ? membersOf(items) : []);

const highestOf = <T extends string>(order: readonly [T, ...T[]], values: readonly T[]): T =>
  values.reduce((highest, value) => (order.indexOf(value) > order.indexOf(highest) ? value : highest), order[0]);
