import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Command } from 'commander';
import type { Contract } from '../lib/contract/contract.ts';
import { fetchDigest } from './send/fetch-digest.ts';
import { findSource, type Source } from './send/find-source.ts';
import type { Outgoing } from './send/pack-records.ts';
import { listFiles, readEvents, readRaw } from './send/read-files.ts';
import { sendEvents } from './send/send-events.ts';
import { uploadFiles } from './send/upload-files.ts';
import { count, plural } from './shared/format.ts';
import { envOption, homeOption, jsonOption, positive, type Target, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';
import { PROJECT } from './shared/project.ts';

interface Options extends Target {
  readonly rate?: number;
  readonly repeat: number;
  readonly raw?: true;
  readonly json?: true;
}

/** Names an event's key by its contract; what has none is ordered by its own id, since it ends in quarantine. */
export function keyBy(contracts: readonly Contract[]): (event: object) => string {
  const keys = new Map(contracts.flatMap(({ ingest }) => (ingest ? [[ingest.event, ingest.key] as const] : [])));
  return (event) => {
    const { type, id, data } = event as { type?: unknown; id?: unknown; data?: Record<string, unknown> };
    const key = data?.[keys.get(String(type)) ?? ''] ?? id ?? 'unknown';
    // Kinesis takes a key of 1 to 256 characters.
    return String(key).slice(0, 256) || 'unknown';
  };
}

async function send(name: string, paths: string[], options: Options): Promise<void> {
  const source = findSource(PROJECT, name);
  await (source.mapping.files ? upload(source, paths, options) : sendAsEvents(name, source, paths, options));
}

/** Files of a source that lands by itself go where they would go anyway. */
async function upload({ domain, mapping }: Source, paths: string[], { json, ...target }: Options): Promise<void> {
  const files = await listFiles(paths, true);
  const platform = await Platform.open(target);
  const table = platform.contracts.find(({ ingest }) => ingest?.event === mapping.event)?.table ?? '';
  const uris = await new Progress().step(`upload ${plural(files.length, 'file')} to ${domain}`, (tell) =>
    uploadFiles(platform, { domain, table }, files, tell),
  );
  if (json) printJson({ domain, files: uris });
  else console.log(`uploaded ${uris.join(', ')}; next: sluice wait`);
}

async function sendAsEvents(
  name: string,
  { domain, mapping }: Source,
  paths: string[],
  { rate, repeat, raw, json, ...target }: Options,
): Promise<void> {
  const files = await listFiles(paths, raw);
  const platform = await Platform.open(target);
  const read = raw ? readRaw : await eventReader(platform, { domain, mapping });
  async function* events(): AsyncGenerator<Outgoing> {
    for (let round = 0; round < repeat; round += 1) {
      for (const file of files) yield* read(file);
    }
  }
  const sent = await new Progress().step(`send ${plural(files.length, 'file')} to ${domain}`, (tell) =>
    sendEvents(platform, domain, { source: name, event: mapping.event, events: events(), rate }, tell),
  );
  if (json) printJson({ domain, files: files.length, ...sent });
  else
    console.log(
      `sent ${plural(sent.events, 'event')} in ${count(sent.records)} records to ${domain}; next: sluice wait`,
    );
}

async function eventReader(
  { contracts, settings }: Platform,
  { domain, mapping }: Source,
): Promise<(file: string) => AsyncGenerator<Outgoing>> {
  const keyed = { ...mapping, digest: await fetchDigest(new SecretsManagerClient({}), settings, domain) };
  const keyOf = keyBy(contracts);
  return (file) => readEvents(keyed, file, keyOf);
}

export const sendCommand = (): Command =>
  new Command('send')
    .description(
      'send files where their contract wants them: as events to a stream, or as they are to the landing bucket',
    )
    .argument('<source>', 'a source, as in domains/<domain>/sources/<source>.yaml')
    .argument('<files...>', 'files of the source, or folders of CSV and JSONL files')
    .option('--rate <events>', 'events a second', positive)
    .option('--repeat <times>', 'send everything this many times', wholeNumber(1), 1)
    .option('--raw', 'send each line as a record, unchanged')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(send);
