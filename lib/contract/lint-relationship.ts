import { type Contract, isStored, LAYERS, type Layer, tableId } from './contract.ts';
import { lintOutcomes, NOT_ON_BRONZE } from './lint-layer.ts';
import type { ColumnRelationship, TableRelationship } from './odcs-relationship.ts';
import { notAllowed, type Report } from './problem.ts';
import type { Target } from './resolve-reference.ts';

/** Whether a foreign key can be checked: its columns pair with columns of one table that is there when the check runs. */
export function lintRelationship(
  { to, customProperties }: ColumnRelationship | TableRelationship,
  referring: readonly Target[],
  referred: readonly Target[],
  contract: Contract,
  report: Report,
): boolean {
  let isSound = true;
  const refuse: Report = (path, text) => {
    isSound = false;
    report(path, text);
  };
  if (contract.layer === 'bronze') refuse([], NOT_ON_BRONZE);
  lintReferring(referring, contract, refuse);
  lintReferred(referring, referred, contract, Array.isArray(to), refuse);
  lintOutcomes({ customProperties }, contract.layer, refuse);
  return isSound;
}

function lintReferring(referring: readonly Target[], contract: Contract, report: Report): void {
  const stranger = referring.find((each) => tableId(each.contract) !== tableId(contract));
  if (stranger)
    report(['from'], notAllowed(tableId(stranger.contract), [tableId(contract)], 'a key is of its own table'));
}

function lintReferred(
  referring: readonly Target[],
  referred: readonly Target[],
  { domain, layer }: Contract,
  isList: boolean,
  report: Report,
): void {
  const tables = [...new Set(referred.map((each) => tableId(each.contract)))];
  if (tables.length > 1 || referring.length !== referred.length) {
    const found = `found ${referred.length} columns of ${tables.join(' and ')}`;
    report(['to'], `${found}, allowed: ${referring.length} of one table, as many as refer`);
    return;
  }
  referred.forEach(({ contract, column }, index) => {
    const own = referring[index]?.column;
    const path = isList ? ['to', index] : ['to'];
    if (!isStored(contract))
      report(path, `found a view, allowed: the table whose rows it shows, ${contract.versionOf}`);
    else if (contract.domain !== domain) report(path, `found a table of ${contract.domain}, allowed: of ${domain}`);
    else if (!HOLDS_NOW[layer].includes(contract.layer))
      report(path, `found a table of ${contract.layer}, allowed: of ${HOLDS_NOW[layer].join(' or ')}`);
    else if (own && column.type !== own.type)
      report(path, `found ${column.name} of type ${column.type}, allowed: ${own.type}, as ${own.name} has`);
  });
}

/** Bronze repeats what was sent, and gold is made after silver: neither is what a silver row can refer to. */
const HOLDS_NOW: Readonly<Record<Layer, readonly Layer[]>> = {
  bronze: LAYERS,
  silver: ['silver'],
  gold: ['silver', 'gold'],
};
