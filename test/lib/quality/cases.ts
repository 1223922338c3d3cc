import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Check, Column, Field } from '../../../lib/contract/contract.ts';

/** The clock of all cases. */
export const NOW = '2026-01-01T12:00:00Z';

type Types = Readonly<Record<string, string | Field>>;

interface CaseTable {
  readonly columns: Types;
  readonly rows: readonly (readonly unknown[])[];
}

interface Expected {
  readonly failed: number;
  readonly actual?: number;
  readonly sketch?: readonly number[];
  readonly error?: true;
}

/** A table, its checks, and what is to come of each: written by hand, and true in every dialect. */
export interface Case extends CaseTable {
  readonly case: string;
  readonly tables?: Readonly<Record<string, CaseTable>>;
  readonly checks: readonly (Check & Expected)[];
}

const file = path.resolve(import.meta.dirname, '../../vectors/quality-cases.json');
const read = (): Omit<Case, 'id'>[] => JSON.parse(readFileSync(file, 'utf8'));

export const CASES: readonly Case[] = read().map((each) => ({
  ...each,
  checks: each.checks.map((check, index) => ({
    ...check,
    id: `${index}.${check.kind}`,
    name: `${index}.${check.kind}`,
    onFailure: 'block',
  })),
}));

export const columnsOf = (types: Types): Column[] =>
  Object.entries(types).map(([name, type]) => ({
    name,
    ...(typeof type === 'string' ? { type: type as Field['type'] } : type),
    required: false,
    classification: 'internal',
    pii: 'none',
    standardise: [],
  }));
