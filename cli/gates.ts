import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { S3JsonStore } from '../lambdas/shared/s3-stores.ts';
import { describeGates } from './gates/describe-gates.ts';
import { type OverrideRequest, overrideOf } from './gates/give-override.ts';
import { type GateSources, readGates } from './gates/read-gates.ts';
import { deadline, type Target, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly json?: true;
}

const sourcesOf = ({ ledger, domains, settings }: Platform): GateSources => ({
  ledger,
  domains,
  documents: new S3JsonStore(new S3Client({ forcePathStyle: true })),
  opsBucket: settings.get('storage/ops-bucket'),
});

async function gates(runId: string | undefined, { env, home, json }: Options): Promise<void> {
  const found = await readGates(sourcesOf(await Platform.open({ env, home })), runId);
  if (json) printJson(found);
  else console.log(describeGates(found));
}

async function override(runId: string, { env, home, json, ...request }: Options & OverrideRequest): Promise<void> {
  const platform = await Platform.open({ env, home });
  const run = await readGates(sourcesOf(platform), runId);
  const given = overrideOf(run, request, new Date());
  await platform.ledger.recordOverride(run.domain, given);
  if (json) printJson(given);
  else
    console.log(
      `${given.rule} of ${given.table} blocks no run until ${given.until}; \`sluice run ${run.domain}\` judges again`,
    );
}

export const gatesCommand = (): Command =>
  withTarget(
    new Command('gates')
      .description('show every rule of a run: what was expected, what was found, and some of the rows that failed')
      .argument('[run]', 'a run; the newest that came to a gate when left out'),
  )
    .addCommand(
      withTarget(
        new Command('override')
          .description('let the next runs pass a rule that blocked one, by the word of an approver, until a time')
          .argument('<run>', 'the run that was blocked'),
      )
        .requiredOption('--rule <id>', 'the rule that blocked it; rows:refused for the limit of refused rows')
        .option('--table <id>', 'of the rule, where several tables have one of that name')
        .requiredOption('--approver <name>', 'who answers for it')
        .requiredOption('--reason <text>', 'why; without values of the data')
        .requiredOption('--until <time>', 'when it ends: 90m, 36h, 7d or a date', deadline)
        .action(override),
    )
    .action(gates);
