import { createProgram } from '../../cli/program.ts';

/** Runs a command of the program; what it prints, and what it says besides, line by line. */
export async function printed(...args: readonly string[]): Promise<{ out: string; said: string[] }> {
  const { log, error } = console;
  const { write } = process.stdout;
  let out = '';
  const said: string[] = [];
  process.stdout.write = (text) => {
    out += text;
    return true;
  };
  console.log = (line) => {
    out += `${line}\n`;
  };
  console.error = (line) => said.push(line);
  try {
    const program = await createProgram(args[0]);
    await program.parseAsync(args, { from: 'user' });
  } finally {
    process.stdout.write = write;
    Object.assign(console, { log, error });
  }
  return { out, said };
}
