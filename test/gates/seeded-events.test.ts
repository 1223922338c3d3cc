import { event, land, ORDERS, QUARANTINE, recordOf, rowsIn } from '../lib/landing/orders.ts';
import { DEFECTS_OF_EVENTS } from './defects-of-events.ts';

const sound = { ...event, id: 'sound' };

test.each(DEFECTS_OF_EVENTS)('G0 stops %s, and lets its sound neighbour land', (_, defect, rule) => {
  const record = (content: unknown, sequence: string) =>
    typeof content === 'string' && /[\u0080-\u00ff]/.test(content)
      ? { ...recordOf('', sequence), data: Buffer.from(content, 'latin1').toString('base64') }
      : recordOf(content, sequence);
  const tables = land([record(defect, '1'), record(sound, '2')]);
  expect(rowsIn(tables, ORDERS).map(({ _event_id }) => _event_id)).toEqual(['sound']);
  expect(rowsIn(tables, QUARANTINE).map(({ gate, status, rules }) => [gate, status, rules])).toEqual([
    ['G0', 'open', [rule]],
  ]);
});

test.each(DEFECTS_OF_EVENTS)('what is said of %s shows no value of it', (_, defect) => {
  const values = ['two apples', 'many', 'ada@example.com', '4111111111111111'];
  const [row] = rowsIn(land([recordOf(defect)]), QUARANTINE);
  for (const value of values) expect(String(row?.reasons)).not.toContain(value);
});
