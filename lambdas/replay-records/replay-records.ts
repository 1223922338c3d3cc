import type { LandedTable, Landing, StreamRecord } from '../../lib/landing/landing.ts';
import type { Place } from '../../lib/landing/place.ts';
import { BrokenSealError } from '../../lib/landing/seal.ts';
import { discard, judgeAgain, type OpenedEntry, type Outcome } from './close-entries.ts';
import type { NamedEntry, Request } from './request.ts';
import { type Scheduler, scheduleReplay } from './schedule-replay.ts';

/** Opens what was sealed. */
export interface Unsealer {
  open(sealed: string, place: Place): Promise<string>;
}

/** Records that the stream's mapping gave up on. */
export interface OnFailureFolder {
  read(uri: string): Promise<readonly StreamRecord[]>;
  /** From here on the object is not listed any more. */
  setAside(uri: string): Promise<void>;
}

/** Hands rows over for their commit; throws when any table cannot be. */
export interface Stager {
  stage(tables: readonly LandedTable[], how: { readonly accountedBefore: boolean }): Promise<void>;
}

export interface ReplayPorts {
  readonly domain: string;
  readonly gate: Landing;
  readonly unsealer: Unsealer;
  readonly folder: OnFailureFolder;
  readonly stager: Stager;
  readonly scheduler: Scheduler;
}

export type Answer = { readonly outcomes: readonly Outcome[] } | { readonly records: number };

/** Does what a person asked for. Whatever is asked for again, or was cut off, changes nothing that is there already. */
export function answer(request: Request, ports: ReplayPorts): Promise<Answer> {
  if (request.type === 'Replay') return replay(request, ports);
  return request.type === 'Discard' ? discardEntries(request, ports) : redrive(request, ports);
}

async function replay(
  { entries, at }: Extract<Request, { type: 'Replay' }>,
  { domain, gate, unsealer, stager, scheduler }: ReplayPorts,
): Promise<Answer> {
  const refusedByRuns = entries.filter(({ entry }) => entry.gate !== 'G0');
  const scheduled = await scheduleReplay(scheduler, refusedByRuns);
  const refused = entries.filter((named) => !refusedByRuns.includes(named));
  const opened = await Promise.all(refused.map((named) => open(named, unsealer)));
  const judged = judgeAgain(domain, gate, opened.filter(isOpened), at);
  // Rows first: an entry that closes an event whose row was never announced would lose it.
  await stager.stage(judged.landed, { accountedBefore: true });
  await stager.stage(judged.entries, { accountedBefore: true });
  const closed = opened.filter((each): each is Outcome => !isOpened(each));
  return { outcomes: [...judged.outcomes, ...closed, ...scheduled] };
}

async function open(named: NamedEntry, unsealer: Unsealer): Promise<OpenedEntry | Outcome> {
  const { entry, place, sealed } = named;
  const refuse = (reason: string): Outcome => ({ quarantineId: entry.quarantine_id, type: 'NotReplayable', reason });
  if (sealed === null) return refuse(`its latest entry holds no sealed payload: ${SEND_ANEW}`);
  try {
    return { ...named, text: await unsealer.open(sealed, place) };
  } catch (error) {
    if (error instanceof BrokenSealError) return refuse(error.message);
    throw error;
  }
}

const SEND_ANEW = 'send the event anew, repaired, or discard the entry';

const isOpened = (found: OpenedEntry | Outcome): found is OpenedEntry => 'text' in found;

async function discardEntries(
  { entries, ...why }: Extract<Request, { type: 'Discard' }>,
  { domain, gate, stager }: ReplayPorts,
): Promise<Answer> {
  const judged = discard(domain, gate, entries, why);
  await stager.stage(judged.entries, { accountedBefore: true });
  return { outcomes: judged.outcomes };
}

/** Records of the on-failure folder were never accounted for, and come again at the places that they have. */
async function redrive(
  { uri }: Extract<Request, { type: 'Redrive' }>,
  { gate, folder, stager }: ReplayPorts,
): Promise<Answer> {
  const records = await folder.read(uri);
  for (const record of records) gate.takeRecord(record);
  await stager.stage(gate.drain(), { accountedBefore: false });
  await folder.setAside(uri);
  return { records: records.length };
}
