import { classesUpTo, mostSensitive, sensitivityOf, sensitivityOfTable } from '../../../lib/constructs/access-tags.ts';
import type { Column, Layer, Masking } from '../../../lib/contract/contract.ts';
import { column } from '../../fixtures/column.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';

const masked = (method: Masking['method'], from: Layer): Column =>
  column('x', { pii: 'direct', masking: { method, from } });

test.each([
  ['a token names nobody', masked('tokenise', 'bronze'), 'bronze', 'none'],
  ['a mask of an earlier layer still holds', masked('redact', 'bronze'), 'gold', 'none'],
  ['a mask of a later layer does not hold yet', masked('tokenise', 'gold'), 'silver', 'direct'],
  ['a generalised value still narrows down who it is', masked('generalise', 'silver'), 'silver', 'indirect'],
  ['a mask that masks nothing changes nothing', masked('none', 'bronze'), 'bronze', 'direct'],
] as const)('%s', (_sentence, subject, layer, pii) => {
  expect(sensitivityOf(subject, layer).pii).toBe(pii);
});

test('a nested column is as sensitive as its most sensitive member', () => {
  const email = column('email', { classification: 'restricted', pii: 'direct' });
  const contacts = column('people', { type: 'array', items: { type: 'struct', fields: [column('x'), email] } });
  expect(sensitivityOf(contacts, 'bronze')).toEqual({ class: 'restricted', pii: 'direct' });
});

test('a table is as sensitive as its most sensitive column', () => {
  const [bronze, silver, gold] = shopContracts.map(sensitivityOfTable);
  expect(bronze).toEqual({ class: 'confidential', pii: 'none' });
  expect(silver).toEqual({ class: 'confidential', pii: 'direct' });
  expect(gold).toEqual({ class: 'restricted', pii: 'none' });
});

test('class and personal data are judged apart', () => {
  const all = [{ class: 'restricted', pii: 'none' } as const, { class: 'public', pii: 'special' } as const];
  expect(mostSensitive(all)).toEqual({ class: 'restricted', pii: 'special' });
});

test('a clearance covers every class below it', () => {
  expect(classesUpTo('internal')).toEqual(['public', 'internal']);
});
