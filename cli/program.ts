import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { accountCommand } from './account.ts';
import { contractCommand } from './contract.ts';
import { demoCommand } from './demo.ts';
import { deployCommand } from './deploy.ts';
import { dlqCommand } from './dlq.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { evidenceCommand } from './evidence.ts';
import { gatesCommand } from './gates.ts';
import { grantsCommand } from './grants.ts';
import { loadCommand } from './load.ts';
import { maintainCommand } from './maintain.ts';
import { piiCommand } from './pii.ts';
import { planCommand } from './plan.ts';
import { publishCommand } from './publish.ts';
import { quarantineCommand } from './quarantine.ts';
import { queryCommand } from './query.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { sendCommand } from './send.ts';
import { inProject } from './shared/project.ts';
import { statusCommand } from './status.ts';
import { testCommand } from './test.ts';
import { upCommand } from './up.ts';
import { waitCommand } from './wait.ts';

const GROUPS: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Try it:': [demoCommand, doctorCommand],
  'Contracts:': [contractCommand],
  'The local cloud:': [upCommand, downCommand],
  'The platform:': [deployCommand, statusCommand, grantsCommand],
  'Events and runs:': [sendCommand, waitCommand, accountCommand, planCommand, runCommand, runsCommand, evidenceCommand],
  'Data:': [queryCommand, publishCommand, testCommand, piiCommand, maintainCommand],
  'What went wrong:': [gatesCommand, quarantineCommand, dlqCommand, loadCommand],
};

/** Settings reach a command's own commands only when they are copied. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  // What stands after the name of a command is its own: a group may have options of the same name.
  command.enablePositionalOptions();
  for (const child of command.commands) inherit(child, command);
  return command;
}

const readVersion = (): string => JSON.parse(readFileSync(inProject('package.json'), 'utf8')).version;

/** The command line. A wrong call throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('sluice')
    .description('Contracts in, gold out: a lakehouse for AWS that also runs on a laptop.')
    .version(readVersion())
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see `sluice help`)')
    .enablePositionalOptions()
    .exitOverride();
  for (const [group, commands] of Object.entries(GROUPS)) {
    for (const create of commands) {
      program.addCommand(inherit(create().helpGroup(group), program));
    }
  }
  return program;
}
