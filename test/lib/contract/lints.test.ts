import { ARRIVAL_MINUTES, RUN_MINUTES } from '../../../lib/contract/lint-freshness.ts';
import { environments } from '../../../lib/environments.ts';
import { loadFiles } from './load-sample.ts';
import { type SampleLayer, sampleFiles } from './sample-contracts.ts';

const FRESH = '  - { property: freshness, value: 2, unit: hours }';

/** The sample domain, with texts of its bronze and silver contracts exchanged; problems without the folder. */
function problemsOf(bronze: readonly [string, string], silver: readonly [string, string]): string[] {
  const [changed] = sampleFiles('bronze', ...bronze);
  const files = sampleFiles('silver', ...silver).map((each) => (each.file === changed?.file ? changed : each));
  return loadFiles(files).problems.map((line) => line.replace('domains/toys/contracts/', ''));
}
const SAME = ['toys', 'toys'] as const;
const sla = (...lines: string[]) => ['team:', `slaProperties:\n${lines.join('\n')}\nteam:`] as const;
const ingest = (from: string) => ['from: stream', `from: ${from}`] as const;

test.each<[string, readonly [string, string], readonly [string, string], string[]]>([
  ['11 minutes behind a stream can be kept', SAME, [FRESH, FRESH.replace('2, unit: hours', '11, unit: minutes')], []],
  [
    '10 minutes behind a stream cannot be kept',
    SAME,
    [FRESH, FRESH.replace('2, unit: hours', '10, unit: minutes')],
    [
      'silver/items.odcs.yaml:49:28: slaProperties[0].value: found 10 minutes, allowed: at least 11 minutes: stream arrives within 1 minute, a run takes 10 minutes',
    ],
  ],
  [
    'a delivery stream takes longer',
    ingest('firehose'),
    [FRESH, FRESH.replace('2, unit: hours', '15, unit: minutes')],
    [
      'silver/items.odcs.yaml:49:28: slaProperties[0].value: found 15 minutes, allowed: at least 16 minutes: firehose arrives within 6 minutes, a run takes 10 minutes',
    ],
  ],
  [
    'what comes once a day is a day old',
    sla('  - { property: frequency, value: P1D }'),
    SAME,
    [
      'silver/items.odcs.yaml:49:28: slaProperties[0].value: found 2 hours, allowed: at least 1451 minutes: its source delivers every 1 day, stream arrives within 1 minute, a run takes 10 minutes',
    ],
  ],
  [
    'a run takes what the contract says it takes',
    SAME,
    [FRESH, `${FRESH}\n  - { property: latency, value: 3, unit: hours }`],
    [
      'silver/items.odcs.yaml:49:28: slaProperties[0].value: found 2 hours, allowed: at least 181 minutes: stream arrives within 1 minute, a run takes 3 hours',
    ],
  ],
  [
    'bronze cannot be fresher than its source',
    sla('  - { property: frequency, value: 1, unit: hour }', '  - { property: freshness, value: 1, unit: hour }'),
    SAME,
    [
      'bronze/visits.odcs.yaml:45:28: slaProperties[1].value: found 1 hour, allowed: at least 61 minutes: its source delivers every 1 hour, stream arrives within 1 minute',
    ],
  ],
])('of freshness: %s', (_, bronze, silver, expected) => {
  expect(problemsOf(bronze, silver)).toEqual(expected);
});

test.each(Object.values(environments))('the minutes that freshness is judged by hold in $name', (environment) => {
  const { batchingWindowSeconds, delivery, settleSeconds } = environment;
  expect(delivery.seconds + batchingWindowSeconds).toBeLessThan(60 * ARRIVAL_MINUTES.firehose);
  expect(2 * batchingWindowSeconds).toBeLessThan(60 * ARRIVAL_MINUTES.stream);
  expect(settleSeconds).toBeLessThan(60 * RUN_MINUTES);
});

/** A gold column of another name that says what it is made of. */
const madeOf = (source: string, more = '') =>
  loadFiles(
    sampleFiles(
      'gold',
      'logicalType: integer',
      `logicalType: string\n        transformSourceObjects: [${source}]${more}`,
    ),
  ).problems.map((line) => line.replace('domains/toys/contracts/', ''));
const MASKED =
  '\n        customProperties: [{ property: masking, vendor: sluice, value: { method: tokenise, from: bronze } }]';
const LOST =
  'schema[0].properties[1].customProperties: masking: missing, allowed: tokenise from bronze, as in toys.silver.items, or stronger';

test.each([
  ['a renamed column that is masked at its source', 'items.email', '', [expect.stringContaining(LOST)]],
  ['the same by the table’s id', 'toys.silver.items.email', '', [expect.stringContaining(LOST)]],
  ['a renamed column that stays masked', 'items.email', MASKED, []],
  ['a source without masking', 'items.toy', '', []],
  ['a source that is something else', 'spreadsheet.email, a talk', '', []],
  [
    'a source that the table lacks',
    'items.emial',
    '',
    [
      "gold/sales.odcs.yaml:18:34: schema[0].properties[1].transformSourceObjects[0]: found 'emial', allowed: visit_id, toy, price, email; did you mean 'email'?; these are the columns of toys.silver.items",
    ],
  ],
])('of what a column is made of: %s', (_, source, more, expected) => {
  expect(madeOf(source, more)).toEqual(expected);
});

test.each<[what: string, layer: SampleLayer, found: string, put: string, place: string]>([
  ['columns', 'gold', '- name: items_sold', '- id: a\n        name: items_sold', 'schema[0].properties[1].id'],
  ['roles', 'gold', 'team:', 'roles: [{ id: a, role: b }, { id: a, role: c }]\nteam:', 'roles[1].id'],
  ['members', 'gold', 'role: owner }', 'role: owner, id: a }\n    - { username: b, id: a }', 'team.members[1].id'],
])('ids of %s are unique in their list', (_, layer, found, put, place) => {
  const files = sampleFiles(layer, found, put).map((each) => ({
    ...each,
    text: each.file.includes('/gold/') ? each.text.replace('- name: toy\n', '- id: a\n        name: toy\n') : each.text,
  }));
  expect(loadFiles(files).problems).toEqual([
    expect.stringContaining(`${place}: found 'a' a second time, allowed: once in its list`),
  ]);
});

test('ids of lists that have nothing to do with each other may be the same, and those within custom properties are not ours', () => {
  const put =
    'roles: [{ id: a, role: b }]\nsupport: [{ id: a, channel: help, scope: issues }]\ncustomProperties: [{ property: x, value: [{ id: a }, { id: a }] }]';
  expect(loadFiles(sampleFiles('gold', 'support:\n  - { channel: help, scope: issues }', put)).problems).toEqual([]);
});

const RUN_AT = (schedule: string) =>
  ['write: { mode: merge }', `write: { mode: merge }\n          schedule: ${schedule}`] as const;
const BY = (time: string, schedule: string) =>
  [
    'write: { mode: merge }\nslaProperties:',
    `write: { mode: merge }\n          schedule: ${schedule}\nslaProperties:\n  - { property: timeOfAvailability, value: ${time} }`,
  ] as const;
const AT_TWO = "{ cron: '0 2 * * *' }";
const CRON = 'silver/items.odcs.yaml:48:23: schema[0].customProperties[0].value.schedule.cron';
const ZONE = 'silver/items.odcs.yaml:48:42: schema[0].customProperties[0].value.schedule.timeZone';
const TIME = 'silver/items.odcs.yaml:50:37: slaProperties[0].value';

test.each<[string, readonly [string, string], string[]]>([
  ['two in the morning', RUN_AT(AT_TWO), []],
  ['a zone without summer time', RUN_AT("{ cron: '30 2 * * *', timeZone: Asia/Kolkata }"), []],
  [
    'no cron',
    RUN_AT("{ cron: '0 2 * *' }"),
    [expect.stringContaining(`${CRON}: found '0 2 * *', allowed: five fields`)],
  ],
  [
    'a zone that nobody knows',
    RUN_AT("{ cron: '0 2 * * *', timeZone: Europe/Lodnon }"),
    [
      `${ZONE}: found 'Europe/Lodnon', allowed: UTC, or a time zone as the IANA names it, such as Europe/London; did you mean 'Europe/London'?`,
    ],
  ],
  [
    'an offset',
    RUN_AT("{ cron: '0 2 * * *', timeZone: '+01:00' }"),
    [`${ZONE}: found '+01:00', allowed: UTC, or a time zone as the IANA names it, such as Europe/London`],
  ],
  [
    'a time that a day lacks',
    RUN_AT("{ cron: '0 2 * * *', timeZone: Europe/Berlin }"),
    [
      `${CRON}: found '0 2 * * *' in Europe/Berlin, allowed: a time that every day has; on 2026-03-29 clocks jump over 02:00 and the run would be left out; take another hour, or UTC`,
    ],
  ],
  ['and by three', BY("'03:00'", AT_TWO), []],
  ['and by three in Greenwich', BY("'03:00Z'", "{ cron: '0 2 * * *', timeZone: Europe/London }"), []],
  ['in the evening, and by the next morning', BY("'06:00'", "{ cron: '0 22 * * *' }"), []],
  ['twice, and by a time after one of them', BY("'03:00'", "{ cron: '0 2,14 * * *' }"), []],
  [
    'and by a time before',
    BY("'01:30'", AT_TWO),
    [
      `${TIME}: found '01:30', allowed: a time after the run at '0 2 * * *' in UTC, or in the twelve hours that follow it on the next day`,
    ],
  ],
  [
    'and by a time with an offset',
    BY('09:00-08:00', AT_TWO),
    [
      `${TIME}: found '09:00-08:00', allowed: hh:mm by the clock of the schedule (UTC), hh:mmZ; quote it, as in '03:00'; an offset is wrong for half the year`,
    ],
  ],
])('a domain is run at %s', (_, change, expected) => {
  expect(problemsOf(SAME, change)).toEqual(expected);
});

test.each<[string, SampleLayer, readonly [string, string], string[]]>([
  [
    'bronze has no schedule',
    'bronze',
    ['write: { mode: append }', `write: { mode: append }\n          schedule: ${AT_TWO}`],
    ['schedule: found on bronze, allowed: on tables of silver and gold, which runs make'],
  ],
  [
    'a time of availability without a schedule is passed on',
    'gold',
    ['team:', 'slaProperties:\n  - { property: timeOfAvailability, value: 09:00-08:00 }\nteam:'],
    [],
  ],
])('of schedules: %s', (_, layer, change, expected) => {
  expect(loadFiles(sampleFiles(layer, ...change)).problems).toEqual(
    expected.map((each) => expect.stringContaining(each)),
  );
});
