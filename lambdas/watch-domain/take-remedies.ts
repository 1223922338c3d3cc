import type { Snapshot, WatchSettings } from '../../lib/watchdog/snapshot.ts';
import type { Outcome, Remedy, TakenRemedy } from '../../lib/watchdog/watch.ts';
import type { DeadLetters } from '../shared/dead-letters.ts';
import type { RunFunctions, WatchLedger } from '../shared/watch-ports.ts';

/** Who acts. */
export interface Medic {
  readonly watches: Pick<WatchLedger, 'take'>;
  readonly queues: readonly DeadLetters[];
  readonly runs: RunFunctions;
  readonly settings: Pick<WatchSettings, 'limits'>;
}

type Known = Pick<Snapshot, 'now' | 'lease'>;

/** One after the other: a lease that is given back is what a restart may wait for. */
export async function takeRemedies(medic: Medic, known: Known, remedies: readonly Remedy[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const remedy of remedies) outcomes.push(await takeRemedy(medic, known, remedy));
  return outcomes;
}

/** A remedy that fails is not tried again: what it is about needs a person. */
async function takeRemedy(medic: Medic, known: Known, remedy: Remedy): Promise<Outcome> {
  const { kind, about, why } = remedy;
  try {
    return { kind, about, why, ...(await act(medic, known, remedy)) };
  } catch (error) {
    return { kind, about, why, outcome: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
}

type Done = Pick<Outcome, 'outcome' | 'detail'>;

/** It is remembered before it is taken, so that a look that is cut off has no second try. */
async function act(medic: Medic, known: Known, remedy: Remedy): Promise<Done> {
  if (remedy.kind === 'redrive') return redrive(medic, known, remedy);
  if (!(await take(medic, known, remedy)))
    return { outcome: 'left', detail: 'another look has taken it, or as many as a day allows' };
  return { outcome: 'done', detail: await actOnRun(medic, known, remedy) };
}

/** Maintenance and rollbacks are no runs that could be recorded: the run that follows takes the domain over. */
function actOnRun({ runs }: Medic, { lease }: Known, { kind, about }: Remedy): Promise<string> {
  if (kind === 'restart-run') return runs.start(`retry of ${about} by the watchdog`);
  return lease?.heldUntil ? runs.start(`the watchdog: ${about} kept the domain`) : runs.finish(about);
}

async function redrive(medic: Medic, known: Known, remedy: Remedy): Promise<Done> {
  const letters = medic.queues.find(({ name }) => name === remedy.about);
  if (!letters) throw new Error(`queue '${remedy.about}' is none of the domain's`);
  const mayTake = (hash: string) => take(medic, known, { ...remedy, about: `${remedy.about}/${hash}` });
  const { redriven, left } = await letters.redrive({ most: remedy.most ?? 0, mayTake });
  const detail = `${redriven} redriven, ${left.length} left${left.length > 0 ? `: ${[...new Set(left)].join('; ')}` : ''}`;
  return { outcome: redriven > 0 ? 'done' : 'left', detail };
}

function take({ watches, settings }: Medic, { now: at }: Known, { kind, about, why }: Remedy): Promise<boolean> {
  const taken: TakenRemedy = { type: 'remedy', v: 1, kind, about, why, at };
  return watches.take(taken, settings.limits[kind]);
}
