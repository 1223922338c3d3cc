import { type Column, type Contract, tableId } from '../contract/contract.ts';
import { BINARY, decodeRecord } from './decode-record.ts';
import { type Place, systemValues } from './place.ts';
import { quarantineRow, type Refusal } from './quarantine-row.ts';
import { type Envelope, readEnvelope } from './read-envelope.ts';
import type { Row } from './row.ts';
import type { Sealer } from './seal.ts';
import { compileShaper, type RowShaper } from './shape-row.ts';
import { quarantineTableOf } from './staged-batch.ts';
import { BRONZE_COLUMNS, QUARANTINE_COLUMNS } from './system-columns.ts';
import { compileMasker, type Masker, type Tokeniser } from './tokenise.ts';

/** A record of the stream, as far as landing needs it. */
export interface StreamRecord extends Omit<Place, 'index'> {
  /** Base64. */
  readonly data: string;
}

/** The rows that were found for one table. */
export interface LandedTable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly contractVersion: string;
  readonly rows: readonly Row[];
  /** What each row is of, in the order of `rows`. */
  readonly members: readonly Member[];
}

export interface Member {
  readonly place: Place;
  /** Of the event, or of the entry in quarantine: a place has one row in bronze, but an entry for each judgement. */
  readonly rowId: string;
}

/**
 * The ingest gate (G0): each event becomes a row of its table, or a quarantined row with all its reasons. It throws
 * for no data, so that nothing is retried in vain.
 */
export interface Landing {
  /** Takes all events of a record. */
  takeRecord(record: StreamRecord): void;
  /** Takes one event that is an object already: of a file's row, or of a replay. True when it lands. */
  takeEvent(event: unknown, place: Place): boolean;
  /** Takes one event as the text that was sealed when it was refused. True when it lands now. */
  takeText(text: string, place: Place): boolean;
  /** Takes what can never be read, with its text. */
  refuse(place: Place, refusal: Refusal): void;
  /** Takes an entry of the quarantine, such as one that closes what was refused. */
  takeEntry(entry: Row, place: Place): void;
  /** What was taken since the last call. */
  drain(): LandedTable[];
}

/** A bronze table's contract, compiled. */
interface Intake {
  readonly table: string;
  readonly contract: Contract;
  readonly columns: readonly Column[];
  readonly shape: RowShaper;
  readonly mask: Masker;
}

type MutableTable = LandedTable & { readonly rows: Row[]; readonly members: Member[] };

/** Version of the quarantine's columns. */
const QUARANTINE_VERSION = '1.0.0';

/** Compiles a domain's contracts into its ingest gate. What it refuses is sealed as it came. */
export const compileLanding = (
  domain: string,
  contracts: readonly Contract[],
  tokenise: Tokeniser,
  sealer: Sealer,
): Landing => new IngestGate(domain, new Map(contracts.flatMap((contract) => intakeOf(contract, tokenise))), sealer);

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

class IngestGate implements Landing {
  private readonly domain: string;
  private readonly intakes: ReadonlyMap<string, Intake>;
  private readonly sealer: Sealer;
  private tables = new Map<string, MutableTable>();

  constructor(domain: string, intakes: ReadonlyMap<string, Intake>, sealer: Sealer) {
    this.domain = domain;
    this.intakes = intakes;
    this.sealer = sealer;
  }

  takeRecord({ data, ...record }: StreamRecord): void {
    const decoded = decodeRecord(data);
    if (decoded.type === 'Events')
      decoded.events.forEach((event, index) => {
        this.takeEvent(event, { ...record, index });
      });
    else this.refuse({ ...record, index: 0 }, { findings: [decoded.finding], original: decoded.payload });
  }

  takeText(text: string, place: Place): boolean {
    const decoded = decodeRecord(base64Of(text));
    // An array is one event that is none: its members would take the places of those beside it in their record.
    if (decoded.type === 'Events')
      return this.takeEvent(text.trimStart().startsWith('[') ? decoded.events : decoded.events[0], place);
    this.refuse(place, { findings: [decoded.finding], original: text });
    return false;
  }

  takeEvent(event: unknown, place: Place): boolean {
    const enveloped = readEnvelope(event);
    if (enveloped.type === 'Envelope') return this.judge(enveloped.envelope, event, place);
    this.refuse(place, { findings: enveloped.findings, original: JSON.stringify(event) });
    return false;
  }

  refuse(place: Place, refusal: Refusal): void {
    this.takeEntry(quarantineRow(this.domain, place, refusal, this.sealer), place);
  }

  takeEntry(entry: Row, place: Place): void {
    const what = {
      table: quarantineTableOf(this.domain),
      columns: QUARANTINE_COLUMNS,
      contractVersion: QUARANTINE_VERSION,
    };
    this.add(what, entry, { place, rowId: String(entry.entry_id) });
  }

  drain(): LandedTable[] {
    const landed = [...this.tables.values()];
    this.tables = new Map();
    return landed;
  }

  private judge(envelope: Envelope, event: unknown, place: Place): boolean {
    const intake = this.intakes.get(envelope.type);
    if (!intake) {
      const findings = [noContract(envelope.type, this.intakes)];
      this.refuse(place, { findings, original: JSON.stringify(event), envelope });
      return false;
    }
    const { contract, shape, mask, table, columns } = intake;
    const shaped = shape(envelope.data);
    if (shaped.type === 'Misfit') {
      const payload = JSON.stringify({ ...(event as object), data: mask(envelope.data) });
      this.refuse(place, { findings: shaped.findings, original: JSON.stringify(event), payload, envelope, contract });
      return false;
    }
    const row = { ...(mask(shaped.row) as Row), ...systemValues(envelope, place, contract.version) };
    this.add({ table, columns, contractVersion: contract.version }, row, { place, rowId: envelope.id });
    return true;
  }

  private add(what: Omit<LandedTable, 'rows' | 'members'>, row: Row, member: Member): void {
    const known = this.tables.get(what.table) ?? { ...what, rows: [], members: [] };
    known.rows.push(row);
    known.members.push(member);
    this.tables.set(what.table, known);
  }
}

const noContract = (type: string, intakes: ReadonlyMap<string, Intake>) => ({
  rule: 'g0.contract' as const,
  reason: `no contract takes events of type '${type.slice(0, 100)}'; allowed are ${[...intakes.keys()].join(', ')}`,
});

/** Of what was sealed: the text of an event, or the bytes of a record that is no text. */
const base64Of = (sealed: string): string =>
  sealed.startsWith(BINARY) ? sealed.slice(BINARY.length) : Buffer.from(sealed, 'utf8').toString('base64');
