import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { loadContracts } from '../../lib/contract/load-contracts.ts';
import type { Digest } from '../../lib/source/event-digest.ts';
import { findGenerator } from '../generate/find-generator.ts';
import { textOf } from '../generate/text-of.ts';
import { findSource } from '../send/find-source.ts';
import type { Outgoing } from '../send/pack-records.ts';
import { eventsOfCsv, readEvents } from '../send/read-files.ts';
import { keyBy } from '../send.ts';
import { OperationError, UsageError } from '../shared/errors.ts';
import { plural } from '../shared/format.ts';
import { PROJECT } from '../shared/project.ts';
import { generateShop, SHOP_DAYS } from './generate-shop.ts';

/** What the demo sends, and what it took to have it. */
export interface DemoInput {
  readonly description: string;
  /** By their type, in the order in which they are sent. */
  events(digest: Digest): Readonly<Record<string, AsyncIterable<Outgoing>>>;
  discard(): Promise<void>;
}

const ORDERS = 'commerce.orders.v1';
const isCsv = (name: string): boolean => name.toLowerCase().endsWith('.csv');

/** A shop that never was, and the rates of its currencies: the same for the same seed. */
export async function generatedInput(seed: number, orders: number): Promise<DemoInput> {
  const generateRates = await findGenerator(PROJECT, 'commerce/fx');
  const { mapping } = findSource(PROJECT, 'commerce/fx');
  const keyOf = keyBy(loadContracts(PROJECT));
  const rates = () => textOf(generateRates({ ...SHOP_DAYS, seed, data: [] }));
  return {
    description: `${plural(orders, 'order')} of a generated shop (seed ${seed})`,
    events: (digest) => ({
      [mapping.event]: eventsOfCsv({ ...mapping, digest }, rates(), 'generated rates', keyOf),
      [ORDERS]: Readable.from(generateShop({ seed, orders }).outgoing),
    }),
    discard: async () => {},
  };
}

/** Daily CSV files of a real shop: in the folder itself, or in an archive that it holds. */
export async function folderInput(folder: string): Promise<DemoInput> {
  const names = await readdir(folder).catch(() => {
    throw new UsageError(
      `no folder '${folder}'; --data takes a folder of daily CSV files, or of the archive that holds them`,
    );
  });
  const archives = names.filter((name) => name.endsWith('.tar.xz')).map((name) => path.join(folder, name));
  if (names.some(isCsv)) return filesInput(folder, async () => {});
  if (archives.length === 0)
    throw new UsageError(`'${folder}' holds neither CSV files nor an archive (*.tar.xz) of them`);
  const extracted = await extract(archives);
  return filesInput(extracted, () => rm(extracted, { recursive: true, force: true }));
}

async function filesInput(folder: string, discard: () => Promise<void>): Promise<DemoInput> {
  const files = await csvFilesBelow(folder);
  if (files.length === 0) throw new UsageError(`the archive in '${folder}' holds no CSV files`);
  const { mapping } = findSource(PROJECT, 'commerce/shop');
  const keyOf = keyBy(loadContracts(PROJECT));
  async function* events(digest: Digest): AsyncGenerator<Outgoing> {
    for (const file of files) yield* readEvents({ ...mapping, digest }, file, keyOf);
  }
  return {
    description: `${plural(files.length, 'daily file')}`,
    events: (digest) => ({ [mapping.event]: events(digest) }),
    discard,
  };
}

/** However an archive arranges its folders, days follow each other by the names of their files. */
async function csvFilesBelow(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter(isCsv);
  return names.sort((a, b) => path.basename(a).localeCompare(path.basename(b))).map((name) => path.join(folder, name));
}

async function extract(archives: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-data-'));
  for (const archive of archives) {
    await promisify(execFile)('tar', ['-xJf', archive, '-C', folder]).catch((error) => {
      throw new OperationError(`${archive} cannot be extracted: ${error instanceof Error ? error.message : error}`);
    });
  }
  return folder;
}
