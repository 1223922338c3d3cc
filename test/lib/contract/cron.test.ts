import * as fc from 'fast-check';
import { parseCron } from '../../../lib/contract/cron.ts';
import { schedulerExpression } from '../../../lib/contract/scheduler-expression.ts';

test.each([
  ['0 2 * * *', 'cron(0 2 * * ? *)'],
  ['*/15 * * * *', 'cron(0,15,30,45 * * * ? *)'],
  ['  5   4,16  *  * * ', 'cron(5 4,16 * * ? *)'],
  ['0 2 1 * *', 'cron(0 2 1 * ? *)'],
  ['0 2 1,15 jan-mar *', 'cron(0 2 1,15 1-3 ? *)'],
  ['30 6 * * 1-5', 'cron(30 6 ? * MON-FRI *)'],
  ['30 6 * * mon-fri', 'cron(30 6 ? * MON-FRI *)'],
  ['0 0 * * 0', 'cron(0 0 ? * SUN *)'],
  ['0 0 * * 7', 'cron(0 0 ? * SUN *)'],
  ['0 0 * * 5-7', 'cron(0 0 ? * SUN,FRI-SAT *)'],
  ['0 0 * * */2', 'cron(0 0 ? * SUN,TUE,THU,SAT *)'],
  ['0 0 * * 0-7', 'cron(0 0 * * ? *)'],
  ['0-30/10 8-18/2 * * *', 'cron(0,10,20,30 8,10,12,14,16,18 * * ? *)'],
  ['0 0 29 2 *', 'cron(0 0 29 2 ? *)'],
])('%j is %j to EventBridge Scheduler', (cron, expected) => {
  expect(schedulerExpression(cron)).toBe(expected);
});

const FIVE = 'allowed: five fields: minute hour day-of-month month day-of-week, such as 0 2 * * *';

test.each([
  ['0 2 * *', `found '0 2 * *', ${FIVE}`],
  ['cron(0 2 * * ? *)', `found 'cron(0 2 * * ? *)', ${FIVE}`],
  ['@daily', `found '@daily', ${FIVE}`],
  ['', `found '', ${FIVE}`],
  ['60 2 * * *', "found '60', allowed: 0 to 59 as minute, with * - , and /"],
  ['0 24 * * *', "found '24', allowed: 0 to 23 as hour, with * - , and /"],
  ['0 2 0 * *', "found '0', allowed: 1 to 31 as day of the month, with * - , and /"],
  ['0 2 L * *', "found 'L', allowed: 1 to 31 as day of the month, with * - , and /"],
  ['0 2 ? * *', "found '?', allowed: 1 to 31 as day of the month, with * - , and /"],
  ['0 2 * FOO *', "found 'FOO', allowed: 1 to 12, or JAN to DEC as month, with * - , and /"],
  ['0 2 * * 5#2', "found '5#2', allowed: 0 to 7, or SUN to SAT as day of the week, with * - , and /"],
  ['0 2,, * * *', "found '', allowed: 0 to 23 as hour, with * - , and /"],
  ['0 -2 * * *', "found '', allowed: 0 to 23 as hour, with * - , and /"],
  ['0 1-2-3 * * *', "found '1-2-3', allowed: 0 to 23 as hour, with * - , and /"],
  ['5/10 * * * *', "found '5/10', allowed: steps through a range of the minute; write 5-59/10"],
  ['*/0 * * * *', "found '*/0', allowed: steps of 1 to 59 in the minute"],
  ['*/90 * * * *', "found '*/90', allowed: steps of 1 to 59 in the minute"],
  ['0 22-2 * * *', "found '22-2', allowed: ranges of the hour that ascend; list both parts: 22-23,0-2"],
  [
    '0 2 * * FRI-MON',
    "found 'FRI-MON', allowed: ranges of the day of the week that ascend; list both parts: FRI-SAT,SUN-MON",
  ],
  ['0 2 30 2 *', "found '30', allowed: a day of the month that one of the months has"],
  [
    '0 2 1 * MON',
    "found '1 and MON', allowed: * as day of the month or as day of the week: cron runs on either day, and EventBridge Scheduler takes one of them; give the other to another table of the domain",
  ],
])('%j is refused', (cron, expected) => {
  expect(() => parseCron(cron)).toThrow(expected);
});

test('every cron of values is short enough for EventBridge Scheduler, and says the same values', () => {
  const some = (first: number, last: number) =>
    fc
      .uniqueArray(fc.integer({ min: first, max: last }), { minLength: 1 })
      .map((values) => values.sort((a, b) => a - b));
  fc.assert(
    fc.property(some(0, 59), some(0, 23), some(1, 28), some(1, 12), (minutes, hours, days, months) => {
      const expression = schedulerExpression(`${minutes} ${hours} ${days} ${months} *`);
      expect(expression.length).toBeLessThanOrEqual(256);
      const [minute = '', hour = '', day = '', month = ''] = expression.slice(5, -1).split(' ');
      expect(parseCron(`${minute} ${hour} ${day} ${month} *`)).toEqual({ minutes, hours, daysOfMonth: days, months });
    }),
  );
});
