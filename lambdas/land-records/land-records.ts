import { type Column, type Contract, tableId } from '../../lib/contract/contract.ts';
import { quarantineTableOf } from '../shared/staged-batch.ts';
import { BRONZE_COLUMNS, QUARANTINE_COLUMNS } from '../shared/system-columns.ts';
import { decodeRecord } from './decode-record.ts';
import { type Member, type StreamRecord, systemValues } from './member.ts';
import { quarantineRow, type Refusal } from './quarantine-row.ts';
import { type Envelope, readEnvelope } from './read-envelope.ts';
import type { Row } from './row.ts';
import { compileShaper, type RowShaper } from './shape-row.ts';
import { compileMasker, type Masker, type Tokeniser } from './tokenise.ts';

/** The rows that one invocation found for one table. */
export interface LandedTable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly contractVersion: string;
  readonly rows: readonly Row[];
  /** Where each row came from, in the order of `rows`. */
  readonly members: readonly Member[];
}

/** A bronze table's contract, compiled. */
interface Intake {
  readonly table: string;
  readonly contract: Contract;
  readonly columns: readonly Column[];
  readonly shape: RowShaper;
  readonly mask: Masker;
}

type Verdict =
  | { readonly type: 'Landed'; readonly intake: Intake; readonly row: Row }
  | { readonly type: 'Refused'; readonly refusal: Refusal };

/** Version of the quarantine's columns. */
const QUARANTINE_VERSION = '1.0.0';

/**
 * Compiles a domain's contracts into the decision of the ingest gate (G0): each event of a record becomes a row of its
 * table, or a quarantined row with all its reasons. It throws for no data, so that no record is retried in vain.
 */
export function compileLanding(domain: string, contracts: readonly Contract[], tokenise: Tokeniser) {
  const intakes = new Map(contracts.flatMap((contract) => intakeOf(contract, tokenise)));
  return (records: readonly StreamRecord[]): LandedTable[] => {
    const tables = new Map<string, MutableTable>();
    for (const record of records) {
      for (const { member, verdict } of judgeRecord(record, intakes)) {
        add(tables, member, verdict, domain);
      }
    }
    return [...tables.values()];
  };
}

type MutableTable = LandedTable & { readonly rows: Row[]; readonly members: Member[] };

function intakeOf(contract: Contract, tokenise: Tokeniser): [string, Intake][] {
  if (contract.layer !== 'bronze' || !contract.ingest) return [];
  const intake = {
    table: tableId(contract),
    contract,
    columns: [...contract.columns, ...BRONZE_COLUMNS],
    shape: compileShaper(contract.columns),
    mask: compileMasker(contract, tokenise),
  };
  return [[contract.ingest.event, intake]];
}

function judgeRecord(record: StreamRecord, intakes: ReadonlyMap<string, Intake>) {
  const decoded = decodeRecord(record.data);
  if (decoded.type === 'Undecodable') {
    const refusal = { findings: [decoded.finding], payload: decoded.payload };
    return [{ member: { record, index: 0, eventId: null }, verdict: { type: 'Refused', refusal } as const }];
  }
  return decoded.events.map((event, index) => judgeEvent(event, { record, index }, intakes));
}

function judgeEvent(event: unknown, at: Omit<Member, 'eventId'>, intakes: ReadonlyMap<string, Intake>) {
  const enveloped = readEnvelope(event);
  if (enveloped.type === 'NoEnvelope') {
    const refusal = { findings: enveloped.findings, payload: JSON.stringify(event) };
    return { member: { ...at, eventId: null }, verdict: { type: 'Refused', refusal } as const };
  }
  const { envelope } = enveloped;
  const member = { ...at, eventId: envelope.id };
  return { member, verdict: judgeEnvelope(envelope, event, member, intakes) };
}

function judgeEnvelope(
  envelope: Envelope,
  event: unknown,
  member: Member,
  intakes: ReadonlyMap<string, Intake>,
): Verdict {
  const intake = intakes.get(envelope.type);
  if (!intake)
    return refused({ findings: [noContract(envelope.type, intakes)], payload: JSON.stringify(event), envelope });
  const { contract, shape, mask } = intake;
  const shaped = shape(envelope.data);
  if (shaped.type === 'Row') {
    const row = { ...(mask(shaped.row) as Row), ...systemValues(envelope, member, contract.version) };
    return { type: 'Landed', intake, row };
  }
  const payload = JSON.stringify({ ...(event as object), data: mask(envelope.data) });
  return refused({ findings: shaped.findings, payload, envelope, contract });
}

const refused = (refusal: Refusal): Verdict => ({ type: 'Refused', refusal });

const noContract = (type: string, intakes: ReadonlyMap<string, Intake>) => ({
  rule: 'g0.contract' as const,
  reason: `no contract takes events of type '${type.slice(0, 100)}'; allowed are ${[...intakes.keys()].join(', ')}`,
});

function add(tables: Map<string, MutableTable>, member: Member, verdict: Verdict, domain: string): void {
  const landing =
    verdict.type === 'Landed'
      ? { ...verdict.intake, contractVersion: verdict.intake.contract.version, row: verdict.row }
      : {
          table: quarantineTableOf(domain),
          columns: QUARANTINE_COLUMNS,
          contractVersion: QUARANTINE_VERSION,
          row: quarantineRow(domain, member, verdict.refusal),
        };
  const { table, columns, contractVersion, row } = landing;
  const known = tables.get(table) ?? { table, columns, contractVersion, rows: [], members: [] };
  known.rows.push(row);
  known.members.push(member);
  tables.set(table, known);
}
