import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Backfill } from '../../lambdas/shared/backfill-ledger.ts';
import type { GoldIsDue } from '../../lambdas/steer-backfill/rebuild-gold.ts';
import type { Restored, RestoreRequest } from '../../lambdas/steer-backfill/restore-silver.ts';
import type { Planned, StartWish, Steered } from '../../lambdas/steer-backfill/steer-backfill.ts';
import type { Restore } from '../../lib/plan/decide-restore.ts';
import type { Refusal } from '../../lib/publish/decide-rollback.ts';
import type { Decision } from '../../lib/publish/publication.ts';
import { OperationError } from '../shared/errors.ts';
import type { Platform } from '../shared/platform.ts';

/** What `steer-backfill` is asked to do. */
export type Request =
  | ({ readonly action: 'start' } & StartWish)
  | ({ readonly action: 'rebuild-gold' } & Decision)
  | ({ readonly action: 'restore-silver' } & RestoreRequest)
  | { readonly action: 'pause' | 'resume' | 'cancel'; readonly id: string };

type Answer = Planned | Steered | GoldIsDue | Restore | Restored;

async function ask(platform: Platform, domain: string, request: Request): Promise<Answer> {
  const FunctionName = platform.settings.get(`${domain}/steer-backfill-function`);
  const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }));
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError) throw new OperationError(`${FunctionName} failed: ${text}`);
  const found = JSON.parse(text) as Answer | Refusal;
  if (found.type === 'Refused') throw new OperationError(`nothing was changed: ${found.reason}`);
  return found;
}

/** What a start would do. */
export async function plannedBackfill(platform: Platform, domain: string, wish: StartWish): Promise<Planned> {
  const answer = await ask(platform, domain, { action: 'start', ...wish, dryRun: true });
  if (answer.type === 'Planned') return answer;
  throw new Error(`'steer-backfill' answered ${answer.type} to a dry run`);
}

/** The backfill as it is after it was started, paused, resumed or cancelled. */
export async function steeredBackfill(platform: Platform, domain: string, request: Request): Promise<Backfill> {
  const answer = await ask(platform, domain, request);
  if (answer.type === 'Steered') return answer.backfill;
  throw new Error(`'steer-backfill' answered ${answer.type} to '${request.action}'`);
}

/** Takes a table of silver back to a version, or tells what that would be. */
export async function restoredSilver(
  platform: Platform,
  domain: string,
  request: RestoreRequest,
): Promise<Restore | Restored> {
  const answer = await ask(platform, domain, { action: 'restore-silver', ...request });
  if (answer.type === 'Restore' || answer.type === 'Restored') return answer;
  throw new Error(`'steer-backfill' answered ${answer.type} to 'restore-silver'`);
}

/** Has runs build a domain's gold in full. */
export async function dueGold(platform: Platform, domain: string, decision: Decision): Promise<void> {
  await ask(platform, domain, { action: 'rebuild-gold', ...decision });
}
