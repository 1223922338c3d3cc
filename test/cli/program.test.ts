import { type Command, CommanderError } from 'commander';
import { createProgram } from '../../cli/program.ts';

const COMMANDS = [
  'demo',
  'doctor',
  'contract',
  'up',
  'down',
  'deploy',
  'status',
  'grants',
  'generate',
  'send',
  'wait',
  'account',
  'plan',
  'run',
  'runs',
  'evidence',
  'query',
  'metric',
  'dbt',
  'publish',
  'test',
  'pii',
  'maintain',
  'watch',
  'gates',
  'quarantine',
  'dlq',
  'load',
  'backfill',
  'rebuild',
];

/** Parses a call that must be refused, and gives the reason that was printed. */
async function refusal(...args: readonly string[]): Promise<string> {
  let printed = '';
  const program = await createProgram(args[0]);
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of [program, ...all]) {
    command.configureOutput({ writeErr: (text) => (printed += text) });
  }
  await expect(program.parseAsync(['node', 'sluice', ...args])).rejects.toBeInstanceOf(CommanderError);
  return printed;
}

describe('the command line', () => {
  test('has these commands, each with a line that says what it is for', async () => {
    const { commands } = await createProgram();
    expect(commands.map((command) => command.name())).toEqual(COMMANDS);
    for (const command of commands) expect(command.description().length).toBeGreaterThan(20);
  });

  test('one command is read alone, and is the same as among all of them', async () => {
    for (const command of (await createProgram()).commands) {
      const { commands } = await createProgram(command.name());
      expect(commands.map((each) => each.helpInformation())).toEqual([command.helpInformation()]);
    }
  });

  test.each([
    [['statuss'], /unknown command 'statuss'[\s\S]*Did you mean status\?/],
    [['send', 'shop'], /missing required argument 'files'/],
    [['send', 'shop', 'a.csv', '--rate', '0'], /found '0'; allowed is a number above 0/],
    [['send', 'shop', 'a.csv', '--repeat', '1.5'], /found '1\.5'; allowed is a whole number from 1/],
    [['status', '--env', 'production'], /Allowed choices are local, dev, stage, prod/],
    [['up', '--port', '70000'], /found '70000'; allowed is a whole number from 1 to 65535/],
    [['up', '--jsn'], /unknown option '--jsn'/],
    [['quarantine', 'replay', 'x; drop table'], /found 'x; drop table'; allowed are 6 to 64 characters of an id/],
    [['quarantine', 'list', '--since', 'soon'], /found 'soon'; allowed are 90m, 36h, 7d or a date/],
    [['runs', 'cancel'], /required option '--reason <text>' not specified/],
    [['backfill', 'orders', '--from', 'soon'], /found 'soon'; allowed are 90m, 36h, 7d or a date/],
    [['backfill', 'orders', '--concurrency', '0'], /found '0'; allowed is a whole number from 1/],
    [['backfill', 'pause'], /missing required argument 'backfill'/],
    [['rebuild'], /missing required argument 'table'/],
    [['runs', 'retry'], /missing required argument 'run'/],
    [['quarantine', 'discard', '--all'], /required option '--reason <text>' not specified/],
  ])('refuses %j and says what is allowed', async (args, reason) => {
    expect(await refusal(...args)).toMatch(reason);
  });

  test.each([
    [
      ['gates', 'override'],
      ['commerce-1', '--rule', 'r', '--approver', 'a', '--reason', 'b', '--until', '1d'],
    ],
    [['runs', 'retry'], ['commerce-1']],
    [['runs', 'show'], ['commerce-1']],
  ])('%j has the options that stand after it, whatever its group has', async (names, args) => {
    const program = await createProgram();
    const named = (from: Command, name: string) => from.commands.find((command) => command.name() === name) ?? from;
    const command = names.reduce(named, program);
    let found: unknown;
    command.action(() => {
      found = command.opts();
    });
    await program.parseAsync(['node', 'sluice', ...names, ...args, '--json', '--home', '/elsewhere', '--env', 'dev']);
    expect(found).toMatchObject({ json: true, home: '/elsewhere', env: 'dev' });
  });
});
