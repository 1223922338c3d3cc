import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { projectRoot } from '../lib/constructs/project.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { environmentNamed } from '../lib/environments.ts';
import { addPlatform } from '../lib/stacks/platform.ts';

const app = new App();
const environment = environmentNamed(app.node.tryGetContext('env') ?? 'local');
addPlatform(app, { environment, contracts: loadContracts(projectRoot, environment.name) });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
