/** A name as contracts have them: `Invoice No.` and `invoiceNo` become `invoice_no`. */
export function snakeCase(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('_');
  return /^[a-z]/.test(words) ? words : words ? `c_${words}` : 'column';
}

/** A column's name, and beside it the one that it has elsewhere, where that is another. */
export const nameOf = (name: string): { name: string; physicalName?: string } =>
  snakeCase(name) === name ? { name } : { name: snakeCase(name), physicalName: name };
