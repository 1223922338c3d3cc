import { countRefusals } from '../../../lib/landing/count-refusals.ts';
import { compileLanding } from '../../../lib/landing/landing.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { contracts, data, event, ORDERS, recordOf, SECRET } from './orders.ts';

const sealer = { seal: () => 'sealed' };
const gate = compileLanding('commerce', contracts, tokeniserOf(SECRET), sealer);
const misfit = (id: string) => ({ ...event, id, data: { ...data, country: 7 } });

test('refused events are counted for the table that they were meant for', () => {
  gate.takeRecord(recordOf([event, misfit('m1'), misfit('m2'), { ...event, type: 'commerce.wishes.v1' }]));
  gate.takeRecord({ ...recordOf('two apples'), sequence: '101' });
  expect(countRefusals('commerce', gate.drain())).toEqual(new Map([[ORDERS, 2]]));
});

test('where nothing was refused nothing is counted', () => {
  gate.takeRecord(recordOf([event]));
  expect(countRefusals('commerce', gate.drain()).size).toBe(0);
});
