import { type Contract, tableId } from '../contract/contract.ts';
import { concealUndeclared } from './conceal-undeclared.ts';
import { compileSuspects, type RowSuspects } from './find-suspects.ts';
import type { Watched } from './hold-suspects.ts';
import type { Finding } from './row.ts';
import { TextSampler } from './sample-texts.ts';
import { compileShaper, type RowShaper } from './shape-row.ts';
import { BRONZE_COLUMNS } from './system-columns.ts';
import { TableRows } from './table-rows.ts';
import { compileMasker, type Masker, type Tokeniser } from './tokenise.ts';

/** A bronze table's contract, compiled. */
export interface Intake {
  readonly contract: Contract;
  readonly rows: TableRows;
  readonly shape: RowShaper;
  readonly mask: Masker;
  /** Finds undeclared personal data in one row. */
  readonly suspects: RowSuspects;
}

/** The bronze tables of a domain, by the type of their events. */
export type Intakes = ReadonlyMap<string, Intake>;

export const compileIntakes = (contracts: readonly Contract[], tokenise: Tokeniser): Intakes =>
  new Map(contracts.flatMap((contract) => intakeOf(contract, tokenise)));

function intakeOf(contract: Contract, tokenise: Tokeniser): [string, Intake][] {
  if (contract.layer !== 'bronze' || !contract.ingest) return [];
  const columns = [...contract.columns, ...BRONZE_COLUMNS];
  const intake = {
    contract,
    rows: new TableRows({ table: tableId(contract), columns, contractVersion: contract.version }),
    shape: compileShaper(contract.columns),
    mask: compileMasker(contract, tokenise),
    suspects: compileSuspects(contract.columns),
  };
  return [[contract.ingest.event, intake]];
}

/** What is looked at of whole batches, by table. */
export const watchedOf = (intakes: Intakes): ReadonlyMap<string, Watched> =>
  new Map(
    [...intakes.values()].map(({ contract }) => {
      const sampler = new TextSampler([...contract.columns, ...BRONZE_COLUMNS]);
      const { owner, support } = contract;
      return [tableId(contract), { sampler, owner, support }];
    }),
  );

/** An event as text, with what is personal masked and what its contract does not declare concealed. */
export const masked = (event: unknown, { contract, mask }: Intake): string => {
  const { data } = event as { readonly data?: unknown };
  return JSON.stringify({ ...(event as object), data: concealUndeclared(contract.columns, mask(data)) });
};

export const noContract = (type: string, intakes: Intakes): Finding => ({
  rule: 'g0.contract',
  reason: `no contract takes events of type '${type.slice(0, 100)}'; allowed are ${[...intakes.keys()].join(', ')}`,
});
