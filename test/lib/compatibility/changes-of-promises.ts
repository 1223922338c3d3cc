import { columnOf, oursOf, type Raw } from './toys.ts';
import {
  type Case,
  CLOSED,
  DROPPED,
  OPENED_UP,
  PROMISES_MORE,
  parts,
  pipeline,
  RELAXED_BREAK,
  RELAXED_REVIEW,
  REVIEW,
  TIGHTENED,
  WIDENED,
  WORDS,
} from './verdicts-of-design.ts';

const sla = (raw: Raw, property: string) => raw.slaProperties.find((each: Raw) => each.property === property);
const rule = (raw: Raw, id: string) => raw.schema[0].quality.find((each: Raw) => each.id === id);
const role = (raw: Raw, name: string) => raw.roles.find((each: Raw) => each.role === name);
const masking = (raw: Raw) => oursOf(columnOf(raw, 'buyer'), 'masking');
const ASSET = { property: 'asset', vendor: 'catalogue', value: { id: 4711 } };
const dropOurs = (part: Raw, property: string) => {
  part.customProperties = part.customProperties.filter((each: Raw) => each.property !== property);
};

const REFUSING = [{ property: 'onFailure', value: 'quarantine' }];

/** What can become of rules, service levels and rights, and of what only people read. */
export const PROMISE_CHANGES: readonly Case[] = [
  // quality thresholds, gate actions
  [
    'a row count is relaxed',
    (raw) => (rule(raw, 'enough').mustBeGreaterThan = 5),
    'quality.enough',
    RELAXED_REVIEW,
    PROMISES_MORE,
  ],
  [
    'a row count trades bounds',
    (raw) => Object.assign(rule(raw, 'enough'), { mustBeGreaterThan: undefined, mustBeBetween: [5, 50] }),
    'quality.enough',
    REVIEW,
    REVIEW,
  ],
  ['a rule of the table goes', (raw) => raw.schema[0].quality.shift(), 'quality.enough', RELAXED_BREAK, PROMISES_MORE],
  [
    'another domain may be made of it',
    (raw) => raw.schema[0].customProperties.push({ property: 'sharedWith', vendor: 'sluice', value: ['games'] }),
    'sharedWith.games',
    OPENED_UP,
    CLOSED,
  ],
  [
    'rows that refer to nothing only warn',
    (raw) => (raw.schema[0].relationships[0].customProperties = [{ property: 'onFailure', value: 'warn' }]),
    'relationships.onFailure',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'rows that refer to nothing are refused',
    (raw) => (raw.schema[0].relationships[0].customProperties = REFUSING),
    'relationships.onFailure',
    RELAXED_REVIEW,
    PROMISES_MORE,
  ],
  [
    'a foreign key comes that refuses rows',
    (raw) => (columnOf(raw, 'colour').relationships = [{ to: 'colours.name', customProperties: REFUSING }]),
    'columns.colour.relationships',
    PROMISES_MORE,
    RELAXED_BREAK,
  ],
  ['a foreign key goes', (raw) => delete raw.schema[0].relationships, 'relationships', RELAXED_BREAK, PROMISES_MORE],
  [
    'more rows may be refused',
    (raw) => (columnOf(raw, 'price').customProperties[1].value = 10),
    'columns.price.minimum.blockAbovePercent',
    RELAXED_REVIEW,
    PROMISES_MORE,
  ],
  [
    'a rule warns where it stopped the run',
    (raw) => (rule(raw, 'enough').severity = 'warning'),
    'quality.enough.onFailure',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'a rule stops the run where it took rows out',
    (raw) => (columnOf(raw, 'price').customProperties = [{ property: 'onFailure', value: 'block' }]),
    'columns.price.minimum.onFailure',
    PROMISES_MORE,
    RELAXED_REVIEW,
  ],
  // service levels
  [
    'freshness is relaxed',
    (raw) => Object.assign(sla(raw, 'freshness'), { value: 2, unit: 'hours' }),
    'slaProperties.freshness',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'rows stay for a shorter time',
    (raw) => (sla(raw, 'retention').value = 'P18M'),
    'slaProperties.retention',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'less is available',
    (raw) => (sla(raw, 'availability').value = 98),
    'slaProperties.availability',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'a service level goes',
    (raw) => raw.slaProperties.pop(),
    'slaProperties.availability',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'an objective is relaxed',
    (raw) => (oursOf(sla(raw, 'freshness'), 'slo').objective = 95),
    'slaProperties.freshness.slo',
    RELAXED_REVIEW,
    PROMISES_MORE,
  ],
  [
    'an end is announced',
    (raw) => raw.slaProperties.push({ property: 'endOfLife', value: '2027-01-01' }),
    'slaProperties.endOfLife',
    WIDENED,
    PROMISES_MORE,
  ],
  // classification, masking, roles, row filters
  [
    'a classification is lowered',
    (raw) => (columnOf(raw, 'code').classification = 'public'),
    'columns.code.classification',
    OPENED_UP,
    CLOSED,
  ],
  [
    'a nested classification is raised',
    (raw) => (parts(raw)[0].classification = 'restricted'),
    'columns.parts[].part_no.classification',
    CLOSED,
    OPENED_UP,
  ],
  [
    'a column is no longer personal data',
    (raw) => delete columnOf(raw, 'buyer').tags,
    'columns.buyer.pii',
    OPENED_UP,
    CLOSED,
  ],
  [
    'a masking goes',
    (raw) => {
      delete columnOf(raw, 'buyer').tags;
      dropOurs(columnOf(raw, 'buyer'), 'masking');
    },
    'columns.buyer.masking',
    OPENED_UP,
    CLOSED,
  ],
  ['a masking is weakened', (raw) => (masking(raw).method = 'generalise'), 'columns.buyer.masking', OPENED_UP, CLOSED],
  ['a masking starts later', (raw) => (masking(raw).from = 'silver'), 'columns.buyer.masking', OPENED_UP, CLOSED],
  ['nobody may unmask', (raw) => delete masking(raw).unmaskRole, 'columns.buyer.masking.unmaskRole', CLOSED, OPENED_UP],
  ['a role is added', (raw) => raw.roles.push({ role: 'analyst' }), 'roles.analyst', OPENED_UP, CLOSED],
  ['a role may write', (raw) => (role(raw, 'reader').access = 'write'), 'roles.reader.access', OPENED_UP, CLOSED],
  [
    'a row filter goes',
    (raw) => dropOurs(role(raw, 'reader'), 'rowFilter'),
    'roles.reader.rowFilter',
    OPENED_UP,
    CLOSED,
  ],
  [
    'a row filter is another',
    (raw) => (role(raw, 'reader').customProperties[0].value = "colour = 'blue'"),
    'roles.reader.rowFilter',
    ['break', 'none', 'break'],
    ['break', 'none', 'break'],
  ],
  [
    'a role lasts longer',
    (raw) => (role(raw, 'reader').customProperties[2].value = '2028-01-01'),
    'roles.reader.expires',
    OPENED_UP,
    CLOSED,
  ],
  ['a role never ends', (raw) => dropOurs(role(raw, 'reader'), 'expires'), 'roles.reader.expires', OPENED_UP, CLOSED],
  [
    'a role has another purpose',
    (raw) => (role(raw, 'reader').customProperties[1].value = 'to sell'),
    'roles.reader.purpose',
    ['safe', 'none', 'review'],
    ['safe', 'none', 'review'],
  ],
  // what comes in
  [
    'rows are computed from another table',
    (raw) => (pipeline(raw).inputs = [{ table: 'toys.bronze.sales' }]),
    'pipeline.inputs',
    ['review', 'safe', 'review'],
    ['review', 'safe', 'review'],
  ],
  [
    'the rows are those of a newer version',
    (raw) => Object.assign(pipeline(raw), { versionOf: 'toys.silver.sales_v2' }),
    'pipeline.versionOf',
    ['review', 'safe', 'review'],
    ['review', 'safe', 'review'],
  ],
  [
    'the domain is run at a time',
    (raw) => Object.assign(pipeline(raw), { schedule: { cron: '0 2 * * *' } }),
    'pipeline.schedule',
    ['review', 'safe', 'none'],
    ['review', 'safe', 'none'],
  ],
  [
    'rows are there by a later hour',
    (raw) => (sla(raw, 'timeOfAvailability').value = '04:00'),
    'slaProperties.timeOfAvailability',
    RELAXED_BREAK,
    PROMISES_MORE,
  ],
  [
    'rows are there by an hour of another clock',
    (raw) => (sla(raw, 'timeOfAvailability').value = '03:00Z'),
    'slaProperties.timeOfAvailability',
    ['review', 'review', 'review'],
    ['review', 'review', 'review'],
  ],
  [
    'the table becomes a view',
    (raw) => (pipeline(raw).write = { mode: 'view' }),
    'pipeline.write.mode',
    ['review', 'safe', 'review'],
    ['review', 'safe', 'review'],
  ],
  ['a horizon is set', (raw) => (pipeline(raw).lateness = 'P30D'), 'pipeline.lateness', TIGHTENED, WIDENED],
  [
    'a time may no longer be far ahead',
    (raw) => (pipeline(raw).ahead = { ordered_at: 'PT1H' }),
    'pipeline.ahead.ordered_at',
    TIGHTENED,
    WIDENED,
  ],
  [
    'events may delete',
    (raw) => (pipeline(raw).changes = { operation: 'op', deletes: ['d'] }),
    'pipeline.changes',
    ['review', 'review', 'review'],
    ['review', 'review', 'review'],
  ],
  ['the table is deprecated', (raw) => (raw.status = 'deprecated'), 'status', WIDENED, WIDENED],
  // words
  [
    'a column is described',
    (raw) => (columnOf(raw, 'code').description = 'A code.'),
    'columns.code.description',
    WORDS,
    WORDS,
  ],
  [
    'an item of an array is described',
    (raw) => (columnOf(raw, 'parts').items.description = 'A part.'),
    'columns.parts[].description',
    WORDS,
    WORDS,
  ],
  [
    'a role is described',
    (raw) => (role(raw, 'owner').description = 'Owns it.'),
    'roles.owner.description',
    WORDS,
    WORDS,
  ],
  ['a rule is described', (raw) => (rule(raw, 'enough').description = 'Enough.'), 'quality', WORDS, WORDS],
  // what other vendors' tools are told
  [
    'a column is told to a catalogue',
    (raw) => (columnOf(raw, 'code').customProperties = [ASSET]),
    'columns.code.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'a member of an item is told to it',
    (raw) => (parts(raw)[1].customProperties = [ASSET]),
    'columns.parts[].weight_grams.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'an item is told to it',
    (raw) => (columnOf(raw, 'parts').items.customProperties = [ASSET]),
    'columns.parts[].customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'the table is told to it',
    (raw) => raw.schema[0].customProperties.push(ASSET),
    'schema.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'a rule is told to it',
    (raw) => (rule(raw, 'enough').customProperties = [ASSET]),
    'schema.quality.enough.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'a service level is told to it',
    (raw) => raw.slaProperties[0].customProperties.push(ASSET),
    'slaProperties.freshness.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'a role is told to it',
    (raw) => (role(raw, 'owner').customProperties = [ASSET]),
    'roles.owner.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'a member of the team is told to it',
    (raw) => (raw.team.members[0].customProperties = [ASSET]),
    'team.members.someone.customProperties.catalogue.asset',
    WORDS,
    WORDS,
  ],
  [
    'the contract has a property of nobody',
    (raw) => (raw.customProperties = [{ property: 'asset', value: 4711 }]),
    'customProperties.asset',
    WORDS,
    WORDS,
  ],
  [
    'what nobody has a rule for',
    (raw) => (columnOf(raw, 'code').partitioned = true),
    'columns.code.partitioned',
    REVIEW,
    REVIEW,
  ],
];

/** What can become of the way in, of a table that events bring. */
export const INGEST_CHANGES: readonly Case[] = [
  [
    'events have another name',
    (raw) => (pipeline(raw).ingest.event = 'toys.sales.v2'),
    'pipeline.ingest.event',
    TIGHTENED,
    TIGHTENED,
  ],
  ['events have another key', (raw) => (pipeline(raw).ingest.key = 'line_no'), 'pipeline.ingest.key', DROPPED, DROPPED],
  [
    'rows may come twice',
    (raw) => (pipeline(raw).ingest.delivery = 'at-least-once'),
    'pipeline.ingest.delivery',
    RELAXED_BREAK,
    ['safe', 'review', 'none'],
  ],
];
