import type { AvailableBy } from './available-by.ts';
import type { Changes } from './changes.ts';
import type { Check, Column, Contract, Field, Masking, Relationship, Sla } from './contract.ts';
import { tableId } from './contract.ts';

type Row = Readonly<Record<string, string>>;

/** A part of what a contract says, for people: a heading and a table, whoever draws it. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** All that a contract says, in the order in which people ask for it; a part that it is silent of is left out. */
export const sectionsOf = (contract: Contract): Section[] =>
  [
    { title: 'Contract', rows: factsOf(contract) },
    { title: 'Columns', rows: contract.columns.map(columnRow) },
    { title: 'Checks', rows: contract.checks.map(checkRow) },
    { title: 'Relationships', rows: contract.relationships.map(relationshipRow) },
    { title: 'Service levels', rows: levelsOf(contract) },
    { title: 'Roles', rows: contract.roles.map(roleRow) },
    {
      title: 'Support',
      rows: contract.support.map(({ channel, scope, tool, url }) => texts({ channel, scope, tool, url })),
    },
  ].filter(({ rows }) => rows.length > 0);

/** Everything as text; what is absent is empty. */
const texts = (row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === undefined ? '' : String(value)]));

const factsOf = (contract: Contract): Row[] =>
  Object.entries({
    table: tableId(contract),
    version: contract.version,
    status: contract.status,
    purpose: contract.description,
    'one row': contract.granularity,
    owner: contract.owner,
    origin: originOf(contract),
    'shared with': contract.sharedWith?.join(', '),
    'run at': contract.schedule && `${contract.schedule.cron} (${contract.schedule.timeZone}), and after commits`,
    late:
      contract.lateness && `refused when more than ${durationText(contract.lateness.minutes)} behind the latest event`,
    ahead: contract.ahead
      ?.map(
        ({ column, minutes }) =>
          `refused when ${column} is more than ${durationText(minutes)} after the event's arrival`,
      )
      .join('; '),
    changes: contract.changes && changesText(contract.changes),
    written: `${contract.write.mode} by ${contract.write.keys.join(', ') || 'no key'}`,
    file: contract.file,
  }).flatMap(([fact, value]) => (value === undefined ? [] : [{ fact, value }]));

function changesText({ operation, deletes, truncates, orderBy }: Changes): string {
  const removing = [
    ...(deletes.length > 0 ? [`${deletes.join(', ')} deletes`] : []),
    ...(truncates.length > 0 ? [`${truncates.join(', ')} truncates`] : []),
  ];
  return [
    ...(operation === undefined ? [] : [`by ${operation}: ${removing.join(', ')}`]),
    ...(orderBy === undefined ? [] : [`in the order of ${orderBy}`]),
  ].join('; ');
}

const originOf = ({ ingest, inputs }: Contract): string =>
  ingest
    ? `${ingest.event} from ${ingest.from}, by ${ingest.key}`
    : inputs.map(({ table, explode }) => (explode === undefined ? table : `${explode} of ${table}`)).join(', ');

const columnRow = (column: Column): Row =>
  texts({
    column: column.name,
    type: typeText(column),
    required: column.required ? 'yes' : '',
    classification: column.classification,
    'personal data': column.pii === 'none' ? '' : column.pii,
    masking: column.masking && maskingText(column.masking),
    meaning: column.description,
  });

const maskingText = ({ method, from, unmaskRole }: Masking): string =>
  `${method} from ${from}${unmaskRole === undefined ? '' : `, unmasked for ${unmaskRole}`}`;

/** A type as SQL writes it. */
export function typeText({ type, items, fields = [] }: Field): string {
  if (type === 'array') return `array<${items ? typeText(items) : ''}>`;
  if (type === 'struct') return `struct<${fields.map((field) => `${field.name}: ${typeText(field)}`).join(', ')}>`;
  return type;
}

function checkRow({ id, name, kind, columns, onFailure, blockAbovePercent, ...question }: Check): Row {
  const bounds = Object.entries(question).map(([key, value]) => `${key} ${wordsOf(value)}`);
  return texts({
    check: id,
    on: columns.join(', ') || 'the table',
    expects: [kind, ...bounds].join(', '),
    'on failure': outcome(onFailure, blockAbovePercent),
  });
}

/** What a check holds, however deep: `operator mustBe bounds 5 unit rows`. */
function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key} ${wordsOf(each)}`)
    .join(' ');
}

const outcome = (onFailure: string, percent: number | undefined): string =>
  percent === undefined ? onFailure : `${onFailure}, block above ${percent} %`;

const relationshipRow = ({ id, columns, target, onFailure, blockAbovePercent }: Relationship): Row => ({
  relationship: id,
  columns: columns.join(', '),
  'refers to': `${target.table} (${target.columns.join(', ')})`,
  'on failure': outcome(onFailure, blockAbovePercent),
});

const levelsOf = ({ slas, availableBy }: Contract): Row[] => [
  ...Object.entries(slas).map(([name, sla]) => slaRow(name, sla)),
  ...(availableBy ? [availableRow(availableBy)] : []),
];

const availableRow = ({ time, timeZone }: AvailableBy): Row => ({
  'service level': 'timeOfAvailability',
  promise: `${time} (${timeZone})`,
});

const slaRow = (name: string, { minutes, element, slo }: Sla): Row =>
  texts({
    'service level': name,
    promise: durationText(minutes),
    'measured by': element,
    objective: slo && `${slo.objective} % of ${slo.windowDays} days`,
  });

const UNITS = [
  ['day', 24 * 60],
  ['hour', 60],
] as const;

/** `90` minutes as `90 minutes`, `120` as `2 hours`. */
export function durationText(minutes: number): string {
  const [unit, size] = UNITS.find(([, each]) => minutes % each === 0) ?? (['minute', 1] as const);
  return `${minutes / size} ${unit}${minutes === size ? '' : 's'}`;
}

const roleRow = ({ role, access, rowFilter, purpose, expires, approvers }: Contract['roles'][number]): Row =>
  texts({ role, access, rows: rowFilter, purpose, expires, 'approved by': approvers.join(', then ') });
