import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { inProject } from './shared/project.ts';

/** Reading all commands takes longer than most of them take, so that each is read when it is needed. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, () => Promise<Command>>>>> = {
  'Try it:': {
    demo: async () => (await import('./demo.ts')).demoCommand(),
    doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  'Contracts:': {
    contract: async () => (await import('./contract.ts')).contractCommand(),
  },
  'The local cloud:': {
    up: async () => (await import('./up.ts')).upCommand(),
    down: async () => (await import('./down.ts')).downCommand(),
  },
  'The platform:': {
    deploy: async () => (await import('./deploy.ts')).deployCommand(),
    status: async () => (await import('./status.ts')).statusCommand(),
    grants: async () => (await import('./grants.ts')).grantsCommand(),
  },
  'Events and runs:': {
    generate: async () => (await import('./generate.ts')).generateCommand(),
    send: async () => (await import('./send.ts')).sendCommand(),
    wait: async () => (await import('./wait.ts')).waitCommand(),
    account: async () => (await import('./account.ts')).accountCommand(),
    plan: async () => (await import('./plan.ts')).planCommand(),
    run: async () => (await import('./run.ts')).runCommand(),
    runs: async () => (await import('./runs.ts')).runsCommand(),
    evidence: async () => (await import('./evidence.ts')).evidenceCommand(),
  },
  'Data:': {
    query: async () => (await import('./query.ts')).queryCommand(),
    metric: async () => (await import('./metric.ts')).metricCommand(),
    dbt: async () => (await import('./dbt.ts')).dbtCommand(),
    publish: async () => (await import('./publish.ts')).publishCommand(),
    test: async () => (await import('./test.ts')).testCommand(),
    pii: async () => (await import('./pii.ts')).piiCommand(),
    maintain: async () => (await import('./maintain.ts')).maintainCommand(),
  },
  'What went wrong:': {
    watch: async () => (await import('./watch.ts')).watchCommand(),
    gates: async () => (await import('./gates.ts')).gatesCommand(),
    quarantine: async () => (await import('./quarantine.ts')).quarantineCommand(),
    dlq: async () => (await import('./dlq.ts')).dlqCommand(),
    load: async () => (await import('./load.ts')).loadCommand(),
    backfill: async () => (await import('./backfill.ts')).backfillCommand(),
    rebuild: async () => (await import('./rebuild.ts')).rebuildCommand(),
  },
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

/**
 * The command line, with one of its commands, or with all of them where none has that name: then there is help to give.
 * A wrong call throws instead of ending the process.
 */
export async function createProgram(named?: string): Promise<Command> {
  const program = new Command('sluice')
    .description('Contracts in, gold out: a lakehouse for AWS that also runs on a laptop.')
    .version(readVersion())
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see `sluice help`)')
    .enablePositionalOptions()
    .exitOverride();
  const all = Object.entries(GROUPS).flatMap(([group, commands]) =>
    Object.entries(commands).map(([name, read]) => ({ group, name, read })),
  );
  const one = all.filter(({ name }) => name === named);
  for (const { group, read } of one.length > 0 ? one : all)
    program.addCommand(inherit((await read()).helpGroup(group), program));
  return program;
}
