import { glueColumnsOf, glueTypeOf, quarantineColumns } from '../../../lib/constructs/glue-types.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';

const [bronze, silver] = shopContracts;

test.each([
  [{ type: 'long' }, 'bigint'],
  [{ type: 'decimal(18,4)' }, 'decimal(18,4)'],
  [{ type: 'array', items: { type: 'string' } }, 'array<string>'],
] as const)('%j becomes %s', (field, type) => {
  expect(glueTypeOf(field)).toBe(type);
});

test('nested rows keep their names and types', () => {
  const lines = glueColumnsOf(bronze!).find(({ name }) => name === 'lines');
  expect(lines?.type).toBe('array<struct<line_no:int,price:decimal(18,4)>>');
});

test('a bronze table also has the columns of the envelope, and a silver one does not', () => {
  const names = (contract: typeof bronze): readonly string[] => glueColumnsOf(contract!).map(({ name }) => name);
  expect(names(bronze)).toContain('_sequence');
  expect(names(silver)).toEqual(['order_id', 'customer_id', 'birth_date', 'total']);
});

test('quarantine keeps its reasons as a list', () => {
  expect(quarantineColumns()).toContainEqual({ name: 'reasons', type: 'array<string>' });
});
