import { requiredPaths } from '../../../lib/constructs/table-evolution.ts';
import type { Column } from '../../../lib/contract/contract.ts';
import { synthesised } from '../stacks/synthesised-platform.ts';

const column = (name: string, required: boolean, more: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  required,
  classification: 'internal',
  pii: 'none',
  standardise: [],
  ...more,
});

test('required columns are named by path, through structs and arrays of structs and of arrays', () => {
  const address = column('address', false, { type: 'struct', fields: [column('zip', true), column('street', false)] });
  const lines = { type: 'struct' as const, fields: [column('line_no', true)] };
  const nested = { type: 'array' as const, items: { type: 'array' as const, items: lines } };
  expect(requiredPaths([column('id', true), address, column('grid', true, nested), column('note', false)])).toEqual([
    'id',
    'address.zip',
    'grid',
    'grid[][].line_no',
  ]);
});

test('the catalogue describes tables after they have become what their contracts say', () => {
  const catalog = synthesised('prod').templates.get('sluice-prod-shop-catalog');
  const resources = Object.entries(catalog?.toJSON().Resources ?? {}) as [
    string,
    { Type: string; DependsOn?: string[] },
  ][];
  const evolutions = resources.filter(([, { Type }]) => Type === 'Custom::TableEvolution').map(([id]) => id);
  const waiting = resources.filter(([, { DependsOn = [] }]) => DependsOn.some((id) => evolutions.includes(id)));
  expect(evolutions.length).toBeGreaterThan(0);
  // Bronze, silver, gold and ops of each domain; tables depend on their database.
  expect(waiting.filter(([, { Type }]) => Type === 'AWS::Glue::Database')).toHaveLength(4 * evolutions.length);
});
