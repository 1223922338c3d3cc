import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Lints a file at this path, with this content, in an empty project that has our rules. */
function lint(path: string, content: string): boolean {
  const project = mkdtempSync(join(tmpdir(), 'borders-'));
  const { vcs: _, ...rules } = JSON.parse(readFileSync('biome.json', 'utf8')); // the project is no repository
  writeFileSync(join(project, 'biome.json'), JSON.stringify(rules));
  mkdirSync(join(project, dirname(path)), { recursive: true });
  writeFileSync(join(project, path), content);
  const biome = resolve('node_modules/.bin/biome');
  const { status } = spawnSync(biome, ['lint', '--only=style/noRestrictedImports', path], { cwd: project });
  rmSync(project, { recursive: true });
  return status === 0;
}

function ruff(path: string, content: string): boolean {
  const args = ['check', '--quiet', '--select', 'TID', '--stdin-filename', path, '-'];
  return spawnSync('.venv/bin/ruff', args, { input: content }).status === 0;
}

const importing = (module: string) => `import * as it from '${module}';\n\nexport const used = it;\n`;

test.each([
  ['lambdas/start-run/handler.ts', 'aws-cdk-lib'],
  ['lambdas/shared/ledger.ts', 'aws-cdk-lib/aws-s3'],
  ['lambdas/start-run/start-run.ts', '@aws-sdk/client-sfn'],
  ['lambdas/start-run/start-run.ts', '@aws-lambda-powertools/logger'],
  ['lib/contract/load-contracts.ts', '@aws-sdk/client-s3'],
  ['lib/contract/load-contracts.ts', 'aws-cdk-lib'],
  ['lib/compatibility/compare-contracts.ts', '@aws-sdk/client-s3'],
  ['lib/plan/plan-run.ts', '@aws-sdk/client-dynamodb'],
  ['lib/plan/plan-run.ts', 'constructs'],
  ['lib/watchdog/judge-domain.ts', '@aws-sdk/client-sqs'],
  ['lib/quality/compile-duckdb.ts', '@aws-sdk/client-s3'],
  ['lib/files/read-text.ts', '@aws-sdk/client-s3'],
])('%s must not import %s', (path, module) => {
  expect(lint(path, importing(module))).toBe(false);
});

test.each([
  ['lambdas/start-run/handler.ts', '@aws-sdk/client-sfn'],
  ['lambdas/shared/ledger.ts', '@aws-sdk/client-dynamodb'],
  ['lambdas/start-run/start-run.ts', '../../lib/plan/plan-run.ts'],
  ['lib/stacks/ledger-stack.ts', 'aws-cdk-lib'],
])('%s may import %s', (path, module) => {
  expect(lint(path, importing(module))).toBe(true);
});

test('a transform must not make a session, a job may', () => {
  const source = 'from pyspark.sql import SparkSession\n';
  expect(ruff('spark-jobs/transforms/dedupe.py', source)).toBe(false);
  expect(ruff('spark-jobs/jobs/refine.py', source)).toBe(true);
});
