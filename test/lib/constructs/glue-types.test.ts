import { glueColumnsOf, glueTypeOf, quarantineColumns } from '../../../lib/constructs/glue-types.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';

const [bronze, silver, gold] = shopContracts;

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

test.each([
  ['bronze', bronze, ['_event_id', '_ingest_date']],
  ['silver', silver, ['_event_id', '_run_id']],
  ['gold', gold, []],
] as const)('%s has the columns of its contract and those that its engine adds', (_layer, contract, added) => {
  const names = glueColumnsOf(contract!).map(({ name }) => name);
  expect(names.slice(0, contract!.columns.length)).toEqual(contract!.columns.map(({ name }) => name));
  expect(names).toEqual(expect.arrayContaining([...added]));
  expect(names.filter((name) => name.startsWith('_')).length > 0).toBe(added.length > 0);
});

test('quarantine keeps its reasons as a list', () => {
  expect(quarantineColumns()).toContainEqual({ name: 'reasons', type: 'array<string>' });
});
