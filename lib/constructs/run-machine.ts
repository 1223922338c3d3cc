import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { DomainMachine } from './domain-machine.ts';
import { RunDefinition, type RunSteps } from './run-definition.ts';

export interface RunMachineProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly steps: RunSteps;
}

/** The machine that runs a domain. */
export class RunMachine extends DomainMachine {
  constructor(scope: Construct, id: string, { environment, domain, steps }: RunMachineProps) {
    const { refine, model, ...functions } = steps;
    super(scope, id, {
      ...{ environment, domain, name: 'run', parameter: 'state-machine-arn', timeout: Duration.hours(12) },
      ...{ functions: Object.values(functions), jobs: [refine, model] },
      define: (machine) => new RunDefinition(machine, 'Definition', steps).start,
    });
  }
}
