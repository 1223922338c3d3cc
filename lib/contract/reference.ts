/** A place in a contract, as the standard writes it. */
export type Reference =
  | { readonly by: 'name'; readonly table: string; readonly columns: readonly string[] }
  | { readonly by: 'id'; readonly file?: string; readonly table: string; readonly columns: readonly string[] };

/** `orders.customer_id`; a nested value has further steps. */
const SHORTHAND = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)+$/;
/** `customers.odcs.yaml#/schema/customers/properties/customer_id`, by ids; without a file, in this one. */
const QUALIFIED = /^(?:((?:https?:\/\/)?[\w.\-/]+\.ya?ml)#)?\/?schema\/([\w-]+)((?:\/properties\/[\w-]+)+)$/;

export const REFERENCE_FORMS = [
  '<table>.<column>',
  '/schema/<id>/properties/<id>',
  '<file>.odcs.yaml#/schema/<id>/properties/<id>',
] as const;

/** @returns undefined for a text that points to no column. */
export function parseReference(text: string): Reference | undefined {
  if (SHORTHAND.test(text)) {
    const [table = '', ...columns] = text.split('.');
    return { by: 'name', table, columns };
  }
  const [, file, table, steps] = QUALIFIED.exec(text) ?? [];
  if (table === undefined || steps === undefined) return undefined;
  return { by: 'id', table, columns: steps.split('/properties/').slice(1), ...(file !== undefined && { file }) };
}
