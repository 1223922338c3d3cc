import { explainFailure, stackProgress } from '../../cli/deploy/read-cdk-output.ts';

describe("the CDK's output", () => {
  test('is shortened to the stack that is being deployed, and its finished stacks are counted', () => {
    const told: string[] = [];
    const progress = stackProgress((detail) => told.push(detail));
    for (const line of [
      'sluice-local-storage: start: Building template',
      '\u001b[1msluice-local-storage\u001b[22m: deploying... [1/2]',
      ' ✅  sluice-local-storage',
      'sluice-local-ledger: deploying... [2/2]',
      ' ✅  sluice-local-ledger (no changes)',
      '✨  Total time: 8.21s',
    ])
      progress.read(line);
    expect(told).toEqual([
      'sluice-local-storage (1 of 2)',
      'sluice-local-storage done',
      'sluice-local-ledger (2 of 2)',
      'sluice-local-ledger done',
    ]);
    expect(progress.done()).toBe(2);
  });

  test('of a failed deploy is cut to what went wrong', () => {
    const lines = [
      'sluice-local-ingest: deploying... [1/3]',
      '',
      ' ❌  sluice-local-ingest failed: the stack failed creation: unknown type AWS::Odd::Thing',
      '    at deployStack (/somewhere/index.js:1:2)',
      'see the events of the stack',
    ];
    expect(explainFailure(lines)).toBe(
      '   ❌  sluice-local-ingest failed: the stack failed creation: unknown type AWS::Odd::Thing\n  see the events of the stack',
    );
  });

  test('of a failure in words we do not know keeps its last lines', () => {
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    expect(explainFailure(lines).split('\n')).toEqual(lines.slice(-12).map((line) => `  ${line}`));
  });
});
