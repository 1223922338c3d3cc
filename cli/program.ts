import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { demoCommand } from './demo.ts';
import { deployCommand } from './deploy.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { grantsCommand } from './grants.ts';
import { queryCommand } from './query.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { sendCommand } from './send.ts';
import { statusCommand } from './status.ts';
import { upCommand } from './up.ts';
import { waitCommand } from './wait.ts';

const GROUPS: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Try it:': [demoCommand, doctorCommand],
  'The local cloud:': [upCommand, downCommand],
  'The platform:': [deployCommand, statusCommand, grantsCommand],
  'Events and runs:': [sendCommand, waitCommand, runCommand, runsCommand],
  'Data:': [queryCommand],
};

/** The command line. A wrong call throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('sluice')
    .description('Contracts in, gold out: a lakehouse for AWS that also runs on a laptop.')
    .version(packageJson.version)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see `sluice help`)')
    .exitOverride();
  for (const [group, commands] of Object.entries(GROUPS)) {
    for (const create of commands) {
      program.addCommand(create().helpGroup(group).copyInheritedSettings(program));
    }
  }
  return program;
}
