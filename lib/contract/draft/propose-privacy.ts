import type { DraftColumn, DraftField } from './draft.ts';

/** Words of a name that tell what a column holds of a person, as ODCS tags it; the first that fits. */
const NAMES: readonly (readonly [words: RegExp, tag: string])[] = [
  [/e_?mail/, 'pii.email'],
  [/(^|_)(phone|mobile|telephone|fax)(_|$)/, 'pii.phone'],
  [/(^|_)(ssn|nino|passport|tax_id|national_id|nhs_number|social_security)(_|$)/, 'pii.national_id'],
  [/(^|_)(iban|card_number|card_no|account_number|sort_code)(_|$)/, 'pii.bank'],
  [/(^|_)(first|last|given|family|full|customer|patient|contact|user|person)_?name(_|$)|^surname$/, 'pii.name'],
  [/(^|_)(street|address|address_line\d?)(_|$)/, 'pii.address'],
  [/(^|_)(postcode|zip|zip_code|postal_code)(_|$)/, 'pii.indirect'],
  [/(^|_)(birth_?date|date_of_birth|dob|birthday)(_|$)/, 'pii.birth_date'],
  [/(^|_)ip(_address)?$/, 'pii.ip'],
  [/(^|_)(diagnosis|religion|ethnicity)(_|$)/, 'pii.special'],
  [/(^|_)(customer|user|patient|person|member|employee)_(id|no|number|key)$/, 'pii.indirect'],
];

/**
 * What a column's name says of its privacy, unless somebody has said it. Only a text can be tagged personal, for only
 * texts are masked by tokens; of another type the doubt is told.
 */
export function proposePrivacy(column: DraftColumn): DraftColumn {
  const nested = withFields(column);
  const tag = NAMES.find(([words]) => words.test(column.name))?.[1];
  if (!tag || column.classification !== undefined || column.pii) return nested;
  if (column.type === 'string')
    return { ...nested, pii: tag.includes('.') ? ['pii', tag] : [tag], classification: 'confidential' };
  if (column.type === 'struct' || column.type === 'array') return nested;
  const doubt = `looks personal (${tag}): tag it and say how it is masked, or why not`;
  return { ...nested, classification: 'confidential', doubts: [...(column.doubts ?? []), doubt] };
}

function withFields<T extends DraftField>(field: T): T {
  return {
    ...field,
    ...(field.items && { items: withFields(field.items) }),
    ...(field.fields && { fields: field.fields.map(proposePrivacy) }),
  };
}
