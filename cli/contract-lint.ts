import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { formatProblem } from '../lib/contract/problem.ts';
import type { EnvironmentName } from '../lib/environment-names.ts';
import { junitOf } from './contract/junit.ts';
import { type LintResult, lintPaths } from './contract/lint-paths.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { jsonOption, variablesOption } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';
import { today } from './shared/today.ts';

interface Options {
  readonly env?: EnvironmentName;
  readonly json?: true;
  readonly junit?: string;
}

function lint(paths: readonly string[], { env, json, junit }: Options): void {
  const result = lintPaths(paths.length > 0 ? paths : [PROJECT], process.cwd(), {
    today: today(),
    environment: env,
  });
  if (result.files.length === 0) throw new UsageError(`found no contract below ${paths.join(', ')}`);
  if (junit !== undefined) writeFileSync(junit, junitOf(result));
  if (json) printJson({ files: result.files.length, problems: result.problems, warnings: result.warnings });
  else console.log(describe(result));
  if (result.problems.length > 0) throw new OperationError(summary(result));
}

function describe(result: LintResult): string {
  const warnings = result.warnings.map((each) => formatProblem({ ...each, text: `warning: ${each.text}` }));
  const lines = [...result.problems.map(formatProblem), ...warnings];
  return [...lines, ...(result.problems.length > 0 ? [] : [summary(result)])].join('\n');
}

function summary({ files, problems, warnings }: LintResult): string {
  const warned = warnings.length > 0 ? `, ${plural(warnings.length, 'warning')}` : '';
  if (problems.length === 0) return `${plural(files.length, 'file')}, no problems${warned}`;
  const faulty = new Set(problems.map(({ file }) => file)).size;
  return `${plural(problems.length, 'problem')} in ${faulty} of ${plural(files.length, 'file')}`;
}

export const contractLintCommand = (): Command =>
  new Command('lint')
    .description('say all that is wrong with contracts, with the place and the fix')
    .argument('[path...]', 'files or folders of a project; all of this one when left out')
    .addOption(variablesOption())
    .addOption(jsonOption())
    .option('--junit <file>', 'also write the report that build servers read')
    .action(lint);
