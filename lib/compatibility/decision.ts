/** What a record in `docs/decisions/` says of contracts. */
export interface Decision {
  readonly file: string;
  /** `<domain>.<layer>.<table>@<version>`, in which the record's change arrives. */
  readonly contracts: readonly string[];
  readonly approvedBy?: string;
}

const CONTRACTS = /^Contracts: *(.+)$/m;
const APPROVED = /^Approved by: *(.*\S)/m;

/** Read the lines `Contracts: <table>@<version>, …` and `Approved by: …`, each at the start of a line of its own. */
export function readDecision(file: string, text: string): Decision {
  const [, contracts = ''] = CONTRACTS.exec(text) ?? [];
  const [, approvedBy] = APPROVED.exec(text) ?? [];
  return {
    file,
    contracts: contracts
      .split(',')
      .map((name) => name.trim().replaceAll('`', ''))
      .filter(Boolean),
    ...(approvedBy !== undefined && { approvedBy }),
  };
}
