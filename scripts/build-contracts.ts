import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableId } from '../lib/contract/contract.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { InvalidFilesError } from '../lib/contract/problem.ts';

/** The project in this folder, or in the one that is named. */
const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));

/** Writes `build/contracts/<table id>.json`, and nothing else: a table whose contract is gone leaves no file behind. */
function buildContracts(): void {
  const contracts = loadContracts(root);
  const folder = path.join(root, 'build', 'contracts');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const contract of contracts) {
    const file = path.join(folder, `${tableId(contract)}.json`);
    writeFileSync(file, `${JSON.stringify(contract, null, 2)}\n`);
    const { columns, checks } = contract;
    console.log(`${tableId(contract)} ${contract.version}: ${columns.length} columns, ${checks.length} checks`);
  }
  console.log(`${contracts.length} contracts in ${path.relative(root, folder)}`);
}

try {
  buildContracts();
} catch (error) {
  if (!(error instanceof InvalidFilesError)) throw error;
  console.error(error.message);
  const count = error.problems.length;
  console.error(`${count} ${count === 1 ? 'problem' : 'problems'} in the contracts; nothing was built`);
  process.exitCode = 1;
}
