import { Command } from 'commander';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { describeContract } from './contract/describe-contract.ts';
import { UsageError } from './shared/errors.ts';
import { envOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';

interface Options extends Pick<Target, 'env'> {
  readonly json?: true;
}

function show(name: string, { env, json }: Options): void {
  const contract = contractNamed(name, loadContracts(PROJECT, env));
  if (json) printJson(contract);
  else console.log(describeContract(contract));
}

/** A table's id, its name in SQL, or the name alone where only one table bears it. */
function contractNamed(name: string, contracts: readonly Contract[]): Contract {
  const found = contracts.filter((contract) => namesOf(contract).includes(name));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) throw new UsageError(`'${name}' is ${found.map(tableId).join(' and ')}; say which`);
  throw new UsageError(`table '${name}' is unknown; there are ${contracts.map(tableId).join(', ')}`);
}

const namesOf = (contract: Contract): string[] => {
  const id = tableId(contract);
  return [id, id.replace('.', '_'), contract.table];
};

export const contractShowCommand = (): Command =>
  new Command('show')
    .description('show what a contract comes to: columns, checks, keys, service levels, people')
    .argument('<table>', 'such as commerce.silver.orders, or the name alone')
    .addOption(envOption())
    .addOption(jsonOption())
    .action(show);
