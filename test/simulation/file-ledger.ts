import { newFile } from '../../lambdas/shared/dynamo-file-ledger.ts';
import type { FileItem, FileLedger, LandedFile, Tally } from '../../lambdas/shared/file-ports.ts';
import { DOMAIN } from './events.ts';
import { type Invocation, Outage } from './invocation.ts';
import { Violation, type World } from './world.ts';

const NONE = { rows: 0, landed: 0, refused: 0, produced: {}, partsDone: [] };

/** The ledger of files as DynamoDB keeps it: only an open file changes, and each change counts once. */
export function fileLedgerOf(world: World, invocation: Invocation): FileLedger {
  const { ledger } = world.files;
  const change = (shard: string, of: (item: FileItem) => Partial<FileItem>): void => {
    const item = ledger.get(shard);
    if (item?.state === 'open') ledger.set(shard, { ...item, ...of(item) });
  };
  const end = (shard: string, state: FileItem['state'], file = ledger.get(shard)): void => {
    if (file?.state === 'open' && state === 'landed') mustBeDurable(world, file);
    change(shard, () => ({ state }));
  };
  return {
    find: async (shard) => ledger.get(shard) ?? null,
    announce: (shard, file, at) =>
      invocation.effect(() => {
        if (!ledger.has(shard)) ledger.set(shard, newFile(DOMAIN, file, at));
        if (world.rules.marksFilesFirst) end(shard, 'landed');
        return known(ledger, shard);
      }),
    split: (shard, parts) =>
      invocation.effect(() => change(shard, (item) => (item.parts === parts ? {} : { ...NONE, parts }))),
    endPart: (shard, { index, tally }) =>
      invocation.effect(() => {
        change(shard, (item) => (item.partsDone.includes(index) ? {} : withPart(item, index, tally)));
        return known(ledger, shard);
      }),
    end: (shard, state) => invocation.effect(() => end(shard, state)),
    held: async () => [],
    reopen: async (shard) => known(ledger, shard),
    counts: async () => new Map(),
  };
}

const withPart = (item: FileItem, index: number, { rows, landed, refused }: Tally): Partial<FileItem> => ({
  partsDone: [...item.partsDone, index],
  rows: item.rows + rows,
  landed: item.landed + landed,
  refused: item.refused + refused,
});

/** An item that has expired meanwhile fails the function, whose message then finds nothing to do. */
function known(ledger: ReadonlyMap<string, FileItem>, shard: string): FileItem {
  const found = ledger.get(shard);
  if (!found) throw new Outage(`the ledger has no file '${shard}'`);
  return found;
}

/** What the ledger says has landed is never read again. */
function mustBeDurable(world: World, { uri, versionId }: FileItem): void {
  const file = world.files.find({ key: uri.split('/').slice(3).join('/'), versionId } as LandedFile);
  const missing = file?.places.find((place) => !world.isDurable(place));
  if (missing) throw new Violation(`${uri} was recorded as landed before ${missing} was durable`);
}
