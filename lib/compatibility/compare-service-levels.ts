import { parseDuration } from '../contract/duration.ts';
import type { OdcsContract, SlaProperty } from '../contract/odcs-contract.ts';
import { type Change, type ChangeKind, change } from './change.ts';

/** Of these, less is better for readers. */
const LESS_IS_MORE = [
  'freshness',
  'latency',
  'frequency',
  'timeToDetect',
  'timeToNotify',
  'timeToRepair',
  'errorRate',
  'timeOfAvailability',
];
/** Of these, more is. */
const MORE_IS_MORE = ['retention', 'availability', 'throughput', 'endOfSupport', 'endOfLife'];
const ENDS = ['endOfSupport', 'endOfLife'];

/** What is promised beside the rows: how fresh they are, how long they stay, how surely. */
export function compareServiceLevels(was: OdcsContract['slaProperties'], is: OdcsContract['slaProperties']): Change[] {
  const [before, after] = [byName(was), byName(is)];
  const gone = [...before].filter(([name]) => !after.has(name));
  return [
    ...gone.map(([name, level]) => change(kindWhenGone(level), `slaProperties.${name}`, levelText(level))),
    ...[...after].flatMap(([name, level]) => compareLevel(before.get(name), level, `slaProperties.${name}`)),
  ];
}

/** Several levels of one property differ in what they are about. */
function byName(levels: readonly SlaProperty[]): Map<string, SlaProperty> {
  const isAlone = ({ property }: SlaProperty) => levels.filter((other) => other.property === property).length === 1;
  return new Map(
    levels.map((level) => [isAlone(level) ? level.property : `${level.property}(${level.element ?? ''})`, level]),
  );
}

const kindWhenGone = ({ property }: SlaProperty): ChangeKind =>
  ENDS.includes(property) ? 'serviceLevelTightened' : 'serviceLevelRelaxed';

function compareLevel(was: SlaProperty | undefined, is: SlaProperty, path: string): Change[] {
  if (!was) {
    const kind = ENDS.includes(is.property) ? 'endAnnounced' : 'serviceLevelTightened';
    return [change(kind, path, undefined, levelText(is))];
  }
  const kind = kindOf(was, is);
  return [
    ...(kind ? [change(kind, path, levelText(was), levelText(is))] : []),
    ...compareObjective(was, is, `${path}.slo`),
    ...(wordsOf(was) === wordsOf(is) ? [] : [change('wordsChanged', path)]),
  ];
}

function kindOf(was: SlaProperty, is: SlaProperty): ChangeKind | undefined {
  const [before, after] = [amountOf(was), amountOf(is)];
  const isComparable = Number.isFinite(before) && Number.isFinite(after);
  if (isComparable ? before === after : levelText(was) === levelText(is)) return undefined;
  const isMore = after > before;
  if (isComparable && LESS_IS_MORE.includes(is.property))
    return isMore ? 'serviceLevelRelaxed' : 'serviceLevelTightened';
  if (isComparable && MORE_IS_MORE.includes(is.property))
    return isMore ? 'serviceLevelTightened' : 'serviceLevelRelaxed';
  return 'serviceLevelChanged';
}

function compareObjective(was: SlaProperty, is: SlaProperty, path: string): Change[] {
  const [before, after] = [was.customProperties.slo, is.customProperties.slo];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isRelaxed = after === undefined || (before !== undefined && after.objective < before.objective);
  const isTightened = before === undefined || (after !== undefined && after.objective > before.objective);
  if (isRelaxed || isTightened)
    return [change(isRelaxed ? 'objectiveRelaxed' : 'objectiveTightened', path, before, after)];
  return [change('serviceLevelChanged', path, before, after)];
}

const levelText = ({ value, valueExt, unit }: SlaProperty): string =>
  [value, valueExt, unit].filter((part) => part !== undefined && part !== null).join(' ');

/** What only people, and nobody's promise, depend on. */
const wordsOf = ({ property, value, valueExt, unit, customProperties, ...words }: SlaProperty): string =>
  JSON.stringify(words);

/** A number that grows with the level, minutes where it is a time; NaN where there is none. */
function amountOf({ property, value, unit }: SlaProperty): number {
  if (property === 'timeOfAvailability') return minuteOf(String(value));
  if (ENDS.includes(property)) return Date.parse(String(value));
  const minutes = parseDuration(value, unit)?.minutes;
  return minutes ?? (typeof value === 'number' ? value : Number.NaN);
}

/** Times by one clock can be compared; what a clock elsewhere shows, or one that is off by so many hours, cannot. */
const minuteOf = (time: string): number => (/^\d\d:\d\d$/.test(time) ? Date.parse(`1970-01-01T${time}Z`) : Number.NaN);
