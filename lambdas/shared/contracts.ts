import { readFileSync } from 'node:fs';
import type { Contract } from '../../lib/contract/contract.ts';

/** The domain's contracts, compiled and checked when the function was built, from beside its bundle. */
export const readContracts = (bundle: string): readonly Contract[] =>
  JSON.parse(readFileSync(new URL('./contracts.json', bundle), 'utf8'));
