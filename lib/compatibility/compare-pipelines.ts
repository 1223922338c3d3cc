import { parseDuration } from '../contract/duration.ts';
import type { Pipeline } from '../contract/vendor-properties.ts';
import { type Change, type ChangeKind, change } from './change.ts';

/** How the table comes about: what it takes, from where, and what becomes of rows that come again. */
export function comparePipelines(was: Pipeline, is: Pipeline): Change[] {
  return [
    ...compareValue('originChanged', 'pipeline.inputs', was.inputs, is.inputs),
    ...compareValue(writeKind(was, is), 'pipeline.write.mode', was.write.mode, is.write.mode),
    ...compareValue('originChanged', 'pipeline.write.columns', was.write.columns, is.write.columns),
    ...compareValue('originChanged', 'pipeline.versionOf', was.versionOf, is.versionOf),
    ...compareValue('scheduleChanged', 'pipeline.schedule', was.schedule, is.schedule),
    ...compareValue('changesChanged', 'pipeline.changes', was.changes, is.changes),
    ...compareHorizon(was.lateness, is.lateness, 'pipeline.lateness'),
    ...Object.keys({ ...was.ahead, ...is.ahead }).flatMap((column) =>
      compareHorizon(was.ahead?.[column], is.ahead?.[column], `pipeline.ahead.${column}`),
    ),
    ...compareIngest(was.ingest, is.ingest),
  ];
}

function compareValue(kind: ChangeKind, path: string, was: unknown, is: unknown): Change[] {
  return JSON.stringify(was) === JSON.stringify(is) ? [] : [change(kind, path, was, is)];
}

/** To keep every version of a row, or the latest alone, is another grain; how the latest is computed is not. */
const LATEST_ONLY = ['merge', 'rebuild', 'partitions', 'view'];

const writeKind = (was: Pipeline, is: Pipeline): ChangeKind =>
  LATEST_ONLY.includes(was.write.mode) && LATEST_ONLY.includes(is.write.mode) ? 'originChanged' : 'grainChanged';

/** Without a horizon no row is too late, and none too early. */
const horizonOf = (horizon: string | undefined): number => parseDuration(horizon)?.minutes ?? Number.POSITIVE_INFINITY;

function compareHorizon(was: string | undefined, is: string | undefined, path: string): Change[] {
  const [before, after] = [horizonOf(was), horizonOf(is)];
  if (before === after) return [];
  return [change(after < before ? 'horizonShortened' : 'horizonExtended', path, was, is)];
}

type Ingest = Pipeline['ingest'];

function compareIngest(was: Ingest, is: Ingest): Change[] {
  const promised = (ingest: Ingest) => ingest?.delivery ?? 'exactly-once';
  const deliveryKind = promised(is) === 'exactly-once' ? 'deliveryTightened' : 'deliveryRelaxed';
  return [
    ...compareValue('eventReplaced', 'pipeline.ingest.event', was?.event, is?.event),
    ...compareValue('eventReplaced', 'pipeline.ingest.from', was?.from, is?.from),
    ...compareValue('keyChanged', 'pipeline.ingest.key', was?.key, is?.key),
    ...compareValue(deliveryKind, 'pipeline.ingest.delivery', promised(was), promised(is)),
  ];
}
