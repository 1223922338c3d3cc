import { heldBatches } from '../../../lib/landing/held-batch.ts';
import type { LandedTable } from '../../../lib/landing/landing.ts';
import { data, event, land, line, ORDERS, QUARANTINE, recordOf, SHARD } from './orders.ts';

const MAIL = 'buyer@example.com';
const withMail = {
  ...event,
  data: { ...data, lines: [line, { ...line, line_no: 2, description: MAIL }, { ...line, description: MAIL }] },
};
const held = (records = [recordOf(withMail, '7'), recordOf(withMail, '8')]) => land(records).flatMap(heldBatches);

test('who answers for a table learns which column holds what, where the batch is, and how to look at it', () => {
  expect(held()).toEqual([
    {
      domain: 'commerce',
      table: ORDERS,
      batch: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: 2,
      columns: [{ column: 'lines[].description', kind: 'email', hits: 4, values: 6 }],
      owner: 'data-owner@example.com',
      support: [
        { channel: '#data-alerts', tool: 'slack', scope: 'notifications' },
        { channel: 'commerce-oncall', tool: 'other', scope: 'issues' },
      ],
      quarantine: { table: QUARANTINE, rule: 'g0.pii', positions: [{ shard: SHARD, from: '7', to: '8' }] },
      look: `npx sluice quarantine list --rule g0.pii --table ${ORDERS}`,
    },
  ]);
});

test('no value is told', () => {
  expect(JSON.stringify(held())).not.toContain('buyer');
});

test('a batch that comes again has the name it had, another one has another', () => {
  const [first, again, other] = [held(), held(), held([recordOf(withMail, '9')])].map(([found]) => found?.batch);
  expect(first).toBe(again);
  expect(first).not.toBe(other);
});

test('what lands, and what is refused for other reasons, is told to nobody', () => {
  expect(held([recordOf(event), recordOf('broken')])).toEqual([]);
});

test('a table of which many columns are suspects is told with some of them', () => {
  const [quarantine] = land([recordOf(withMail)]).filter(({ holds }) => holds) as [LandedTable];
  const [hold] = quarantine.holds ?? [];
  const suspects = Array.from({ length: 300 }, (_, i) => ({ ...hold?.suspects[0], column: `c${i}` }));
  const many = { ...quarantine, holds: [{ ...hold, suspects }] } as unknown as LandedTable;
  expect(heldBatches(many)[0]?.columns.map(({ column }) => column)).toEqual(suspects.slice(0, 20).map((s) => s.column));
});
