import * as z from 'zod';
import { parseYaml } from '../contract/explain-issue.ts';
import { InvalidFilesError, notAllowed } from '../contract/problem.ts';
import { YamlSource } from '../contract/yaml-source.ts';
import { formatPattern, readerOf, TIME_ZONE, VALUE_TYPES } from './read-value.ts';
import type { MappedField, SourceMapping } from './source-mapping.ts';

const recipe = {
  from: z.string().optional(),
  const: z.union([z.string(), z.number(), z.boolean()]).optional(),
  rowNumber: z.literal(true).optional(),
  as: z.enum(VALUE_TYPES).optional(),
  format: z.string().optional(),
  timeZone: z.string().regex(TIME_ZONE).optional(),
  startsWith: z.string().min(1).optional(),
  stripSuffix: z.string().min(1).optional(),
};
const value = z.strictObject(recipe).superRefine(lintRecipe);

const list = z
  .strictObject({
    ...recipe,
    eachRow: z.record(z.string(), value).optional(),
  })
  .superRefine(lintRecipe);

const csv = z.strictObject({ groupBy: z.string(), data: z.record(z.string(), list) });

const sourceFile = z
  .strictObject({
    source: z.string().regex(/^\/\S+$/),
    event: z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v\d+$/),
    id: z.string(),
    time: z.string(),
    csv: csv.optional(),
  })
  .superRefine(lintSource);

type Recipe = z.output<typeof list>;

/** Read a source's file. Throws `InvalidFilesError` with everything that is wrong with it. */
export function parseSourceMapping(file: string, text: string): SourceMapping {
  const parsed = parseYaml(new YamlSource(file, text), sourceFile);
  if (!parsed.ok) throw new InvalidFilesError(parsed.problems);
  const { csv: csvFile, ...mapping } = parsed.value;
  if (!csvFile) return mapping;
  const { groupBy, data } = csvFile;
  return { ...mapping, csv: { groupBy, columns: columnsOf(csvFile), data: Object.entries(data).map(fieldOf) } };
}

function columnsOf({ groupBy, data }: z.output<typeof csv>): string[] {
  const recipes = Object.values(data).flatMap(({ eachRow, ...own }) => [own, ...Object.values(eachRow ?? {})]);
  return [...new Set([groupBy, ...recipes.flatMap(({ from }) => from ?? [])])];
}

const fieldOf = ([name, { eachRow, ...recipe }]: [string, Recipe]): MappedField => {
  if (!eachRow) return { name, read: readerOf(recipe) };
  return { name, eachRow: Object.entries(eachRow).map(([member, own]) => ({ name: member, read: readerOf(own) })) };
};

const ORIGINS = ['from', 'const', 'rowNumber', 'eachRow'] as const;
/** What may stand beside `from`, by the type that it is read as. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { timestamp: ['format', 'timeZone'] };

/** A value has one origin, and says no more than its origin understands. */
function lintRecipe(recipe: Partial<Recipe>, context: z.RefinementCtx): void {
  const report = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
  const [origin, second] = ORIGINS.filter((candidate) => candidate in recipe);
  if (!origin) report('from', `missing, allowed: one, of ${ORIGINS.join(', ')}`);
  else if (second) report(second, `found beside '${origin}', allowed: one, of ${ORIGINS.join(', ')}`);
  else lintCompany(recipe, origin, report);
}

/** What stands beside the origin. */
function lintCompany(recipe: Partial<Recipe>, origin: string, report: (key: string, message: string) => void): void {
  const beside = ['as', 'stripSuffix', 'startsWith', ...(BESIDE[recipe.as ?? ''] ?? [])];
  const allowed = origin === 'from' ? ['from', ...beside] : [origin];
  for (const key of Object.keys(recipe).filter((candidate) => !allowed.includes(candidate))) {
    report(key, `found beside '${origin}', allowed: ${allowed.join(', ')}`);
  }
  if (recipe.as === 'timestamp' && !(recipe.format && formatPattern(recipe.format))) {
    report('format', notAllowed(recipe.format, ['yyyy, MM, M, dd, d, HH, H, mm, ss and signs between them']));
  }
  if (recipe.startsWith && recipe.as) report('as', `found beside 'startsWith', which is true or false by itself`);
}

/** The id and the time of an event are members of its data. */
function lintSource(
  { id, time, csv: csvFile }: { id: string; time: string; csv?: z.output<typeof csv> | undefined },
  context: z.RefinementCtx,
): void {
  if (!csvFile) return;
  const names = Object.entries(csvFile.data)
    .filter(([, { eachRow }]) => !eachRow)
    .map(([name]) => name);
  for (const [key, name] of [
    ['id', id],
    ['time', time],
  ] as const) {
    if (!names.includes(name)) context.addIssue({ code: 'custom', path: [key], message: notAllowed(name, names) });
  }
}
