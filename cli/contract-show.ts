import { Command } from 'commander';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { describeContract } from './contract/describe-contract.ts';
import { tableNamed } from './shared/named.ts';
import { envOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';

interface Options extends Pick<Target, 'env'> {
  readonly json?: true;
}

function show(name: string, { env, json }: Options): void {
  const contracts = new Map(loadContracts(PROJECT, env).map((each) => [tableId(each), each]));
  const contract = contracts.get(tableNamed(name, [...contracts.keys()])) as Contract;
  if (json) printJson(contract);
  else console.log(describeContract(contract));
}

export const contractShowCommand = (): Command =>
  new Command('show')
    .description('show what a contract comes to: columns, checks, keys, service levels, people')
    .argument('<table>', 'such as commerce.silver.orders, or the name alone')
    .addOption(envOption())
    .addOption(jsonOption())
    .action(show);
