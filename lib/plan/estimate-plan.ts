import { fitLine, valueAt } from './fit-line.ts';
import { lookUp } from './look-up.ts';
import type { ModelInput, Plan, RefineTask, StepResults } from './plan.ts';
import type { PlanInput } from './plan-run.ts';

/** How much there is to read; null where it is not known. */
export interface Size {
  readonly rows: number | null;
  readonly files: number | null;
  readonly bytes: number | null;
}

/** What a table, or all of them, will take; null where nothing tells it. Money is in US dollars. */
export interface Estimate extends Size {
  readonly minutes: number | null;
  readonly cost: number | null;
}

/** A step of an earlier run that went well. */
export interface PastStep {
  readonly step: StepResults['step'];
  readonly rows: number;
  readonly minutes: number;
  readonly cost: number | null;
}

/** Versions of a table, both inclusive. */
export interface VersionRange {
  readonly table: string;
  readonly uri: string;
  readonly fromVersion: number;
  readonly toVersion: number;
}

/** What is known of the size of things. */
export interface KnownSizes {
  /** Of `rangesToMeasure`, by `rangeName`. */
  readonly ranges: ReadonlyMap<string, Size>;
  /** Rows of whole silver tables. */
  readonly rows: ReadonlyMap<string, number>;
  /** By silver table: how many of its rows a row of bronze changed in earlier runs. */
  readonly yields: ReadonlyMap<string, number>;
  readonly past: readonly PastStep[];
}

export interface PlanEstimate {
  /** By `lineName`. */
  readonly lines: ReadonlyMap<string, Estimate>;
  readonly total: Estimate;
}

export const rangeName = ({ table, fromVersion, toVersion }: Omit<VersionRange, 'uri'>): string =>
  `${table} ${fromVersion}-${toVersion}`;

/** A line of a plan by what it writes and, in silver, what it reads. */
export const lineName = (table: string, source?: string): string =>
  source === undefined ? table : `${table} of ${source}`;

const NOTHING: Size = { rows: 0, files: 0, bytes: 0 };
const UNKNOWN: Size = { rows: null, files: null, bytes: null };

/** The ranges of bronze and silver that a plan reads; each once. */
export function rangesToMeasure({ versions }: PlanInput, { refine, model }: Plan): VersionRange[] {
  const changed = isFull(model?.inputs ?? [])
    ? []
    : (model?.inputs ?? []).map((table) => changedRange(table, versions));
  const ranges = [...refine.map(({ source }) => source), ...changed].filter(
    ({ fromVersion, toVersion }) => fromVersion <= toVersion,
  );
  return [...new Map(ranges.map((range) => [rangeName(range), range])).values()];
}

/** A slot of which one table is built in full is built in full. */
const isFull = (inputs: readonly ModelInput[]): boolean =>
  inputs.some(({ builtFromVersion }) => builtFromVersion === null);

const changedRange = ({ id, uri, builtFromVersion }: ModelInput, versions: PlanInput['versions']): VersionRange => ({
  ...{ table: id, uri, fromVersion: (builtFromVersion ?? -1) + 1, toVersion: versions[id] ?? -1 },
});

/** How much each line of a plan reads, and what that takes, as far as the logs and earlier runs tell it. */
export function estimatePlan(input: PlanInput, plan: Plan, known: KnownSizes): PlanEstimate {
  const refine = plan.refine.map(
    (task) => [lineName(task.table, task.source.table), changedSize(task.source, known)] as const,
  );
  const read = sizesForGold(input, plan, known);
  const { contracts } = lookUp(input);
  const model = (plan.model?.tables ?? []).map(({ id }) => {
    const inputs = contracts.get(id)?.inputs ?? [];
    return [id, sumOf(inputs.map(({ table }) => read.get(table) ?? UNKNOWN))] as const;
  });
  const lines = [...estimateStep('refine', refine, known), ...estimateStep('model', model, known)];
  return { lines: new Map(lines), total: totalOf(lines.map(([, estimate]) => estimate)) };
}

/** By silver table: what it holds already for the slot to read, and what the run is going to put there. */
function sizesForGold({ versions }: PlanInput, { refine, model }: Plan, known: KnownSizes): Map<string, Size> {
  const coming = new Map<string, Size>();
  for (const task of refine) coming.set(task.table, sumOf([coming.get(task.table) ?? NOTHING, yieldOf(task, known)]));
  const inputs = model?.inputs ?? [];
  const before = isFull(inputs) ? wholeSize : changedSize;
  return new Map(
    inputs.map((table) => [
      table.id,
      sumOf([before(changedRange(table, versions), known), coming.get(table.id) ?? NOTHING]),
    ]),
  );
}

const changedSize = (range: VersionRange, { ranges }: KnownSizes): Size =>
  range.fromVersion > range.toVersion ? NOTHING : (ranges.get(rangeName(range)) ?? UNKNOWN);

/** The ledger counts a table's rows, and not its files. */
const wholeSize = ({ table, toVersion }: VersionRange, { rows }: KnownSizes): Size =>
  toVersion < 0 ? NOTHING : { ...UNKNOWN, rows: rows.get(table) ?? null };

/** Nobody knows into how many files a merge will write. */
function yieldOf(task: RefineTask, known: KnownSizes): Size {
  const { rows } = changedSize(task.source, known);
  if (rows === 0) return NOTHING;
  const each = known.yields.get(task.table);
  return { ...UNKNOWN, rows: rows === null || each === undefined ? null : Math.round(rows * each) };
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);

const sumOf = (sizes: readonly Size[]): Size => ({
  rows: sum(sizes.map(({ rows }) => rows)),
  files: sum(sizes.map(({ files }) => files)),
  bytes: sum(sizes.map(({ bytes }) => bytes)),
});

const totalOf = (estimates: readonly Estimate[]): Estimate => ({
  ...sumOf(estimates),
  minutes: sum(estimates.map(({ minutes }) => minutes)),
  cost: sum(estimates.map(({ cost }) => cost)),
});

type Line<T> = readonly [name: string, T];

/** All tables of a step are one job: what it takes is told of the job, and shared among its tables by their rows. */
function estimateStep(step: StepResults['step'], lines: readonly Line<Size>[], { past }: KnownSizes): Line<Estimate>[] {
  const rows = sum(lines.map(([, size]) => size.rows));
  const steps = past.filter((each) => each.step === step);
  const minutes = taken(
    rows,
    steps.map((each) => [each.rows, each.minutes]),
  );
  const cost = taken(
    rows,
    steps.flatMap((each) => (each.cost === null ? [] : [[each.rows, each.cost]])),
  );
  return lines.map(([name, size]) => {
    const share = rows ? (size.rows ?? 0) / rows : 1 / lines.length;
    return [name, { ...size, minutes: minutes && minutes * share, cost: cost && cost * share }];
  });
}

/** What earlier steps say of so many rows. */
export function taken(rows: number | null, steps: readonly (readonly [rows: number, taken: number])[]): number | null {
  const line = fitLine(steps.map(([x, y]) => ({ x, y })));
  return rows === null || !line ? null : (valueAt(line, rows) ?? null);
}
