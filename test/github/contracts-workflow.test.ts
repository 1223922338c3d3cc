import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createProgram } from '../../cli/program.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const text = readFileSync('.github/workflows/contracts.yml', 'utf8');
const workflow = parse(text) as {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};
const { check, comment } = workflow.jobs as { check: Job; comment: Job };
const scripts = (job: Job) => job.steps.flatMap(({ run }) => run ?? []);

test('what a pull request says never becomes a part of a script', () => {
  for (const run of [...scripts(check), ...scripts(comment)]) expect(run).not.toContain('${{');
});

test('the code of a pull request runs where it may change nothing, and what may comment runs none of it', () => {
  expect(Object.keys(workflow.on)).toEqual(['pull_request']);
  expect(workflow.permissions).toEqual({});
  expect(check.permissions).toEqual({ contents: 'read' });
  expect(comment.permissions).toEqual({ 'pull-requests': 'write' });
  expect(comment.steps.some(({ uses }) => uses?.startsWith('actions/checkout'))).toBe(false);
  expect(scripts(comment).join()).not.toMatch(/npm|node|sluice/);
});

test('every action is one of GitHub, at a commit that no tag can move, and says of which version it is', () => {
  const actions = text.match(/uses: .*/g) ?? [];
  expect(actions).toHaveLength([...check.steps, ...comment.steps].filter(({ uses }) => uses).length);
  for (const action of actions) expect(action).toMatch(/^uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('the command that it calls is one that there is', async () => {
  const [, command = '', options = ''] = /sluice\.mjs contract (\w+) (.*?) >/.exec(scripts(check).join('\n')) ?? [];
  const [contract] = (await createProgram('contract')).commands;
  const called = contract?.commands.find((each) => each.name() === command);
  const known = called?.options.map(({ long }) => long);
  expect(known).toEqual(expect.arrayContaining(options.match(/--\w+/g) ?? ['an option']));
});
