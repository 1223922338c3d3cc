import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { SparkCode } from '../../../lib/constructs/spark-code.ts';
import { environments } from '../../../lib/environments.ts';
import '../without-template-validation.ts';

function synthesisedCode(): { code: SparkCode; stack: Stack; files: readonly string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'spark-code-'));
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Test');
  const code = new SparkCode(stack, 'Code', { environment: environments.prod, domain: 'commerce' });
  app.synth();
  const archive = readdirSync(outdir).find(
    (name) => !name.includes('.json') && !name.endsWith('.py') && name !== 'cdk.out',
  );
  const files = readdirSync(join(outdir, archive ?? '-'), { recursive: true, encoding: 'utf8' });
  return { code, stack, files };
}

const { code, stack, files } = synthesisedCode();

test('the archive holds the shared code and the models of its domain', () => {
  expect(files).toContain('spark-jobs/transforms/events.py');
  expect(files.some((file) => /^domains\/commerce\/models\/.+\.sql$/.test(file))).toBe(true);
});

test('the archive holds neither tests nor contracts nor entry files nor what a run left behind', () => {
  expect(
    files.filter((file) => /^spark-jobs\/(jobs|tests)|contracts|__pycache__|warehouse|requirements/.test(file)),
  ).toEqual([]);
  expect(files.filter((file) => !/^(spark-jobs|domains)/.test(file))).toEqual([]);
});

test('Spark unpacks the archive under the name that jobs look for', () => {
  expect(JSON.stringify(stack.resolve(code.sparkSubmitParameters('refine')))).toMatch(/\.zip"\},"#sluice"/);
});
