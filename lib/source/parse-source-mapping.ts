import * as z from 'zod';
import { parseYaml } from '../contract/explain-issue.ts';
import { InvalidFilesError, notAllowed } from '../contract/problem.ts';
import { YamlSource } from '../contract/yaml-source.ts';
import { formatPattern, readerOf, TIME_ZONE, VALUE_TYPES } from './read-value.ts';
import { ENCODINGS, FORMATS, type MappedField, type SourceMapping } from './source-mapping.ts';

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

const csv = z.strictObject({ groupBy: z.string().optional(), data: z.record(z.string(), list) });

/** Of one byte in every encoding, so that a line can be cut before it is decoded. */
const sign = z.string().regex(/^[\t\x20-\x7e]$/);

const files = z
  .strictObject({
    format: z.enum(FORMATS),
    encoding: z.enum(ENCODINGS).default('utf-8'),
    delimiter: sign.default(','),
    quote: z.union([sign, z.literal('none')]).default('"'),
    header: z.array(z.string().min(1)).min(1).optional(),
  })
  .superRefine(({ delimiter, quote }, context) => {
    if (delimiter !== quote) return;
    context.addIssue({ code: 'custom', path: ['quote'], message: `found ${quote}, which is the delimiter too` });
  });

const sourceFile = z
  .strictObject({
    source: z.string().regex(/^\/\S+$/),
    event: z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v\d+$/),
    id: z.string(),
    time: z.string(),
    csv: csv.optional(),
    files: files.optional(),
  })
  .superRefine(lintSource)
  .superRefine(lintFiles);

/** A source's file as it is written, checked: plain data, which can travel with a contract. */
export type SourceFile = z.output<typeof sourceFile>;
type Recipe = z.output<typeof list>;

/** Read a source's file. Throws `InvalidFilesError` with everything that is wrong with it. */
export const parseSourceMapping = (file: string, text: string): SourceMapping => compileSource(parseSource(file, text));

/** The same, before it is compiled. */
export function parseSource(file: string, content: string | Uint8Array): SourceFile {
  const parsed = parseYaml(new YamlSource(file, content), sourceFile);
  if (!parsed.ok) throw new InvalidFilesError(parsed.problems);
  return parsed.value;
}

export function compileSource({ csv: csvFile, files: form, ...mapping }: SourceFile): SourceMapping {
  return { ...mapping, ...(form && { files: form }), ...(csvFile && { csv: compileCsv(csvFile) }) };
}

const compileCsv = ({ groupBy, data }: z.output<typeof csv>) => ({
  ...(groupBy !== undefined && { groupBy }),
  columns: columnsOf({ groupBy, data }),
  data: Object.entries(data).map(fieldOf),
});

function columnsOf({ groupBy, data }: z.output<typeof csv>): string[] {
  const recipes = Object.values(data).flatMap(({ eachRow, ...own }) => [own, ...Object.values(eachRow ?? {})]);
  return [...new Set([...(groupBy === undefined ? [] : [groupBy]), ...recipes.flatMap(({ from }) => from ?? [])])];
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

/** Files land in pieces of bounded size, so what makes one event of them has to stand in one row. */
function lintFiles(
  { csv: csvFile, files: form }: { csv?: z.output<typeof csv> | undefined; files?: z.output<typeof files> | undefined },
  context: z.RefinementCtx,
): void {
  if (form?.format !== 'csv') return;
  const report = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (!csvFile) {
    report(['csv'], 'missing, allowed: the values of an event, since the files are CSV');
    return;
  }
  if (csvFile.groupBy !== undefined)
    report(['csv', 'groupBy'], "found beside 'files', allowed: no groupBy; each row of such a file is one event");
  const { header = [] } = form;
  for (const column of compileCsv(csvFile).columns) {
    if (form.header && !header.includes(column))
      report(['files', 'header'], `has no column '${column}', which csv reads`);
  }
}
