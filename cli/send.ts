import { Command } from 'commander';
import type { Contract } from '../lib/contract/contract.ts';
import { findSource } from './send/find-source.ts';
import type { Outgoing } from './send/pack-records.ts';
import { listFiles, readEvents, readRaw } from './send/read-files.ts';
import { sendEvents } from './send/send-events.ts';
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

async function send(name: string, paths: string[], { rate, repeat, raw, json, ...target }: Options): Promise<void> {
  const { domain, mapping } = findSource(PROJECT, name);
  const files = await listFiles(paths, raw);
  const platform = await Platform.open(target);
  const keyOf = keyBy(platform.contracts);
  async function* events(): AsyncGenerator<Outgoing> {
    for (let round = 0; round < repeat; round += 1) {
      for (const file of files) yield* raw ? readRaw(file) : readEvents(mapping, file, keyOf);
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

export const sendCommand = (): Command =>
  new Command('send')
    .description('map files to events and send them where their contract wants them: the stream, or a delivery stream')
    .argument('<source>', 'a source, as in domains/<domain>/sources/<source>.yaml')
    .argument('<files...>', 'CSV or JSONL files, or folders of them')
    .option('--rate <events>', 'events a second', positive)
    .option('--repeat <times>', 'send everything this many times', wholeNumber(1), 1)
    .option('--raw', 'send each line as a record, unchanged')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(send);
