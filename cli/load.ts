import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import type { LandedFile } from '../lambdas/shared/file-ports.ts';
import { uriOf } from '../lambdas/shared/file-shard.ts';
import { S3LandedFiles } from '../lambdas/shared/s3-landed-files.ts';
import { SqsFileQueue } from '../lambdas/shared/sqs-file-queue.ts';
import { UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { listHeld } from './shared/held-files.ts';
import { domainsNamed, ofOneDomain } from './shared/named.ts';
import { domainOption, envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly domain?: string;
  readonly json?: true;
}

/** Those of the held files that are meant: all of them when none is named. */
export function chosenFiles(held: readonly LandedFile[], uris: readonly string[]): readonly LandedFile[] {
  const unknown = uris.find((uri) => !held.some((file) => uriOf(file) === uri));
  if (unknown !== undefined)
    throw new UsageError(
      `'${unknown}' is neither parked nor a file whose load failed; there are ${held.map(uriOf).join(', ') || 'none'}`,
    );
  return uris.length === 0 ? held : held.filter((file) => uris.includes(uriOf(file)));
}

async function load(uris: readonly string[], { domain: name, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const domains = domainsNamed(name ?? domainOfFiles(uris, platform.domains), platform.domains);
  const found = await Promise.all(domains.map((each) => heldIn(platform, each)));
  const [{ domain, held } = NONE] = await ofOneDomain(found, async (each) => each.held.length > 0);
  const chosen = chosenFiles(held, uris);
  if (domain !== undefined) await announce(platform, domain, chosen);
  if (json) printJson({ domain, files: chosen.map(uriOf) });
  else if (domain === undefined) console.log('no file is parked, and no load has failed');
  else console.log(`${plural(chosen.length, 'file')} of ${domain} announced again`);
}

const NONE = { domain: undefined, held: [] };

/** The files of a domain that are parked, or whose load failed. */
async function heldIn(platform: Platform, domain: string): Promise<{ domain: string; held: LandedFile[] }> {
  const files = new S3LandedFiles(new S3Client({ forcePathStyle: true }));
  const states = ['failed', 'parked'] as const;
  const held = await Promise.all(states.map((state) => listHeld(platform.files(domain), state, files)));
  return { domain, held: held.flat() };
}

async function announce({ settings }: Platform, domain: string, files: readonly LandedFile[]): Promise<void> {
  const queue = new SqsFileQueue(new SQSClient({}), settings.get(`${domain}/file-queue-url`));
  await queue.announce(files, true);
}

/** Files lie under landing/<domain>/; those of one call must be of one domain. */
export const domainOfFiles = (uris: readonly string[], domains: readonly string[]): string | undefined =>
  domains.find((domain) => uris.length > 0 && uris.every((uri) => uri.includes(`/landing/${domain}/`)));

export const loadCommand = (): Command =>
  new Command('load')
    .description('ask once more for large files that are parked or whose load failed, by the contracts of today')
    .argument('[uri...]', 'as `sluice status` names them; without, all of the only domain that has any')
    .addOption(domainOption())
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(load);
