import { Command } from 'commander';
import { describeHistory, type History } from './publish/describe-publications.ts';
import { domainsNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly json?: true;
}

async function historyOf({ ledger }: Platform, domain: string, limit: number): Promise<History> {
  const [publications, published] = await Promise.all([ledger.publications(domain, limit), ledger.published(domain)]);
  const listed = publications.map((each) => ({ ...each, isVisible: each.id === published?.publication }));
  return { domain, publications: listed };
}

async function history(
  name: string | undefined,
  { limit, json, ...target }: Options & { limit: number },
): Promise<void> {
  const platform = await Platform.open(target);
  const domains = domainsNamed(name, platform.domains);
  const histories = await Promise.all(domains.map((domain) => historyOf(platform, domain, limit)));
  if (json) printJson(histories);
  else console.log(histories.map(describeHistory).join('\n\n'));
}

const withTarget = (command: Command): Command =>
  command.addOption(envOption()).addOption(homeOption()).addOption(jsonOption());

export const publishCommand = (): Command =>
  new Command('publish')
    .description('show what consumers of gold saw, and see now')
    .addCommand(
      withTarget(
        new Command('history')
          .description('list publications, newest first: all gold tables of a domain that became visible together')
          .argument('[domain]', 'all of them without')
          .option('--limit <publications>', 'how many to list', wholeNumber(1), 20),
      ).action(history),
    );
