import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { S3EvidenceStore } from '../lambdas/shared/s3-evidence-store.ts';
import { type Finding, verifyChain } from '../lib/evidence/chain.ts';
import type { EvidenceDocument } from '../lib/evidence/document.ts';
import { describeFinding, describeList } from './evidence/describe-evidence.ts';
import { type EvidenceSources, newestDocuments, readChain } from './evidence/read-evidence.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { domainOfRun, domainsNamed } from './shared/named.ts';
import { type Target, wholeNumber, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly json?: true;
}

const sourcesOf = ({ ledger, settings }: Platform): EvidenceSources => ({
  ledger,
  store: new S3EvidenceStore(new S3Client({ forcePathStyle: true }), settings.get('storage/evidence-bucket')),
});

async function list(name: string | undefined, { limit, json, ...target }: Options & { limit: number }): Promise<void> {
  const platform = await Platform.open(target);
  const { store } = sourcesOf(platform);
  const lists = await Promise.all(
    domainsNamed(name, platform.domains).map((domain) => newestDocuments(store, domain, limit)),
  );
  const newest = lists.flat().toSorted((a, b) => b.endedAt.localeCompare(a.endedAt));
  if (json) printJson(newest);
  else console.log(describeList(newest.slice(0, limit)));
}

async function show(runId: string, target: Options): Promise<void> {
  const platform = await Platform.open(target);
  const domain = domainOfRun(runId, platform.domains);
  const found = domain && (await find(sourcesOf(platform), domain, runId));
  if (!found) throw new UsageError(`run '${runId}' left no evidence; list what there is with \`sluice evidence list\``);
  printJson(found);
}

async function find({ store }: EvidenceSources, domain: string, runId: string): Promise<EvidenceDocument | undefined> {
  const all = await newestDocuments(store, domain, Number.POSITIVE_INFINITY);
  return all.find((document) => document.runId === runId);
}

async function verify(name: string | undefined, { json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const sources = sourcesOf(platform);
  const verdicts = await Promise.all(domainsNamed(name, platform.domains).map((domain) => verdictOf(sources, domain)));
  if (json) printJson(verdicts.map((each) => ({ ...each, findings: each.findings.map(withoutBytes) })));
  else for (const each of verdicts) console.log(describeVerdict(each));
  const wrong = verdicts.flatMap(({ domain, findings }) => findings.map((each) => describeFinding(domain, each)));
  if (wrong.length > 0) throw new OperationError([`evidence is not whole:`, ...wrong].join('\n  '));
}

async function verdictOf(sources: EvidenceSources, domain: string) {
  const chain = await readChain(sources, domain);
  return { domain, documents: chain.documents.size, findings: verifyChain(chain) };
}

const describeVerdict = ({ domain, documents, findings }: Awaited<ReturnType<typeof verdictOf>>): string =>
  `${domain}: ${plural(documents, 'document')}, ${findings.length === 0 ? 'all whole' : `${findings.length} not whole`}`;

const withoutBytes = (finding: Finding) =>
  finding.type === 'Changed' ? { ...finding, restored: finding.restored !== null } : finding;

export const evidenceCommand = (): Command =>
  new Command('evidence')
    .description('list, show or verify what runs left for those who have to prove what happened')
    .addCommand(
      withTarget(new Command('list').description('list documents, newest first'))
        .argument('[domain]', 'all when left out')
        .option('--limit <count>', 'at most so many', wholeNumber(1), 20)
        .action(list),
    )
    .addCommand(
      withTarget(new Command('show').description('print the document of a run'))
        .argument('<run>', 'a run, as `list` shows it')
        .action(show),
    )
    .addCommand(
      withTarget(
        new Command('verify').description('compare every document with what the next one and the ledger say of it'),
      )
        .argument('[domain]', 'all when left out')
        .action(verify),
    );
