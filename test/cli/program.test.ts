import { CommanderError } from 'commander';
import { createProgram } from '../../cli/program.ts';

const COMMANDS = ['demo', 'doctor', 'up', 'down', 'deploy', 'status', 'grants', 'send', 'wait', 'run', 'runs', 'query'];

/** Parses a call that must be refused, and gives the reason that was printed. */
async function refusal(...args: readonly string[]): Promise<string> {
  let printed = '';
  const program = createProgram();
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeErr: (text) => (printed += text) });
  }
  await expect(program.parseAsync(['node', 'sluice', ...args])).rejects.toBeInstanceOf(CommanderError);
  return printed;
}

describe('the command line', () => {
  test('has these commands, each with a line that says what it is for', () => {
    const { commands } = createProgram();
    expect(commands.map((command) => command.name())).toEqual(COMMANDS);
    for (const command of commands) expect(command.description().length).toBeGreaterThan(20);
  });

  test.each([
    [['statuss'], /unknown command 'statuss'[\s\S]*Did you mean status\?/],
    [['send', 'shop'], /missing required argument 'files'/],
    [['send', 'shop', 'a.csv', '--rate', '0'], /found '0'; allowed is a number above 0/],
    [['send', 'shop', 'a.csv', '--repeat', '1.5'], /found '1\.5'; allowed is a whole number from 1/],
    [['status', '--env', 'production'], /Allowed choices are local, dev, stage, prod/],
    [['up', '--jsn'], /unknown option '--jsn'/],
  ])('refuses %j and says what is allowed', async (args, reason) => {
    expect(await refusal(...args)).toMatch(reason);
  });
});
