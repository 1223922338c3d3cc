import type { Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import type { Draft, DraftColumn } from './draft.ts';
import { draftProperty, keptProperties } from './draft-property.ts';
import { proposePrivacy } from './propose-privacy.ts';

/**
 * A contract of what is known. What the standard or Sluice ask for and nobody has said is proposed, and told to `doubt`
 * with its path; what the layer has no place for is kept in `customProperties`, and told to `loss`.
 */
export function draftContract(draft: Draft, doubt: Report, loss: Report): Plain {
  const { domain, layer, table, tags = [], levels = [], kept = [] } = draft;
  const columns = withKey(draft, at(doubt, 'schema', 0, 'properties')).map(proposePrivacy);
  return {
    apiVersion: 'v3.2.0',
    kind: 'DataContract',
    id: draft.id ?? `${domain}-${layer}-${table}`.replaceAll('_', '-'),
    name: draft.name ?? table,
    version: draft.version ?? '1.0.0',
    status: 'draft',
    domain,
    ...(tags.length > 0 && { tags }),
    description: { purpose: draft.purpose ?? proposed(doubt, ['description', 'purpose'], `What ${table} is for.`) },
    schema: [tableOf(draft, columns, doubt, loss)],
    ...(levels.length > 0 && { slaProperties: levels }),
    team: {
      members: [{ username: draft.owner ?? proposed(doubt, ['team', 'members', 0, 'username'], OWNER), role: 'owner' }],
    },
    support: [
      { channel: draft.support ?? proposed(doubt, ['support', 0, 'channel'], `${domain}-support`), scope: 'issues' },
    ],
    ...(kept.length > 0 && { customProperties: keptProperties(kept) }),
  };
}

const OWNER = 'data-owner@example.com';

function proposed(doubt: Report, path: readonly (string | number)[], text: string): string {
  doubt(path, 'proposed');
  return text;
}

function tableOf(draft: Draft, columns: readonly DraftColumn[], doubt: Report, loss: Report): Plain {
  const inTable = at(doubt, 'schema', 0);
  if (draft.doubt) inTable(['properties'], draft.doubt);
  const rules = draft.layer === 'bronze' ? [] : (draft.rules ?? []);
  const refused = draft.layer === 'bronze' ? (draft.rules ?? []) : [];
  if (refused.length > 0) loss(['quality'], 'bronze checks types and required only; kept as a custom property');
  return {
    name: draft.table,
    physicalType: 'table',
    logicalType: 'object',
    dataGranularityDescription:
      draft.granularity ?? proposed(inTable, ['dataGranularityDescription'], `One row per ${rowWord(columns)}.`),
    properties: columns.map((column, index) =>
      draftProperty(column, draft.layer, at(inTable, 'properties', index), at(loss, column.name)),
    ),
    ...(rules.length > 0 && { quality: rules }),
    customProperties: [
      { property: 'pipeline', vendor: 'sluice', value: pipelineOf(draft, columns, inTable) },
      ...(refused.length > 0 ? [{ property: 'quality', vendor: 'import', value: refused }] : []),
    ],
  };
}

const rowWord = (columns: readonly DraftColumn[]): string => keyOf(columns).join(' and ') || 'event';

const keyOf = (columns: readonly DraftColumn[]): string[] =>
  columns
    .filter(({ keyPosition }) => keyPosition !== undefined)
    .sort((a, b) => (a.keyPosition ?? 0) - (b.keyPosition ?? 0))
    .map(({ name }) => name);

/**
 * Rows are merged by a key, and events are routed by one: where none is known, the first unique column is proposed, or
 * the first single value.
 */
function withKey({ columns }: Draft, doubt: Report): DraftColumn[] {
  const isSingle = ({ type }: DraftColumn) => type !== 'array' && type !== 'struct';
  const unique = columns.findIndex((column) => column.unique && column.required && isSingle(column));
  const index = unique >= 0 ? unique : columns.findIndex(isSingle);
  if (keyOf(columns).length > 0 || index < 0) return columns.map(requiredKey);
  doubt([index, 'primaryKey'], 'proposed: no key was known');
  return columns.map((column, each) => (each === index ? requiredKey({ ...column, keyPosition: 1 }) : column));
}

const requiredKey = (column: DraftColumn): DraftColumn =>
  column.keyPosition === undefined ? column : { ...column, required: true };

function pipelineOf(
  { domain, layer, table, from, version = '1.0.0' }: Draft,
  columns: readonly DraftColumn[],
  doubt: Report,
): Plain {
  const [key = ''] = keyOf(columns);
  if (layer === 'bronze') {
    const event = `${domain}.${table}.v${version.split('.')[0]}`;
    return { layer, ingest: { from: from ?? 'stream', event, key }, write: { mode: 'append' } };
  }
  doubt(['customProperties', 0], `proposed: the ${layer === 'silver' ? 'bronze' : 'silver'} table of the same name`);
  const input = `${domain}.${layer === 'silver' ? 'bronze' : 'silver'}.${table}`;
  return { layer, inputs: [{ table: input }], write: { mode: 'merge' } };
}
