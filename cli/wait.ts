import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { RunItem } from '../lambdas/shared/ledger.ts';
import { countEvents, whatIsMissing } from './shared/accounts.ts';
import { OperationError } from './shared/errors.ts';
import { count } from './shared/format.ts';
import { envOption, homeOption, jsonOption, positive, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress, type Tell } from './shared/progress.ts';

const POLL_MS = 300;

export interface Settled {
  readonly events: { readonly sent: number; readonly landed: number; readonly quarantined: number };
  readonly lastRun: RunItem | undefined;
}

/** Waits until every sent event of a domain is accounted for and no run is active. */
export async function waitFor(
  platform: Platform,
  domain: string,
  timeoutSeconds: number,
  tell: Tell,
): Promise<Settled> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const accounts = await platform.accounts(domain);
    const events = countEvents(accounts);
    const missing = whatIsMissing(accounts, platform.contracts);
    if (missing.length === 0) return { events, lastRun: accounts.lastRun };
    if (Date.now() > deadline) {
      throw new OperationError(
        [`not at rest after ${timeoutSeconds} s:`, ...missing.map((line) => `  ${line}`)].join('\n'),
      );
    }
    const { activeRun } = accounts.state;
    tell(
      `${count(events.landed)} landed, ${count(events.quarantined)} quarantined of ${count(events.sent)}${activeRun ? `, run ${activeRun}` : ''}`,
    );
    await sleep(POLL_MS);
  }
}

/** A run that broke leaves events where nobody sees them, so waiting for it has failed too. */
export function refuseFailed({ lastRun }: Settled): void {
  if (lastRun?.status !== 'failed' && lastRun?.status !== 'cancelled') return;
  throw new OperationError(
    `run ${lastRun.runId} ${lastRun.status}: ${lastRun.error ?? 'no cause recorded'}; see \`sluice runs show ${lastRun.runId}\``,
  );
}

interface Options extends Target {
  readonly timeout: number;
  readonly json?: true;
}

async function wait({ timeout, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const progress = new Progress();
  const settled: Record<string, Settled> = {};
  for (const domain of platform.domains) {
    settled[domain] = await progress.step(`wait for ${domain}`, (tell) => waitFor(platform, domain, timeout, tell));
  }
  if (json) printJson(settled);
  else for (const [domain, each] of Object.entries(settled)) console.log(`${domain}: ${describe(each)}`);
  Object.values(settled).forEach(refuseFailed);
}

function describe({ events, lastRun }: Settled): string {
  const { sent, landed, quarantined } = events;
  const run = lastRun ? `last run ${lastRun.runId}: ${lastRun.status}` : 'no run yet';
  return `${count(sent)} events sent = ${count(landed)} landed + ${count(quarantined)} quarantined; ${run}`;
}

export const waitCommand = (): Command =>
  new Command('wait')
    .description('wait until every sent event is accounted for and no run is active')
    .option('--timeout <seconds>', 'give up after', positive, 600)
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(wait);
