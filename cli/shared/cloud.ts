import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type LocalCloud, openLocalCloud } from '../../local/local-cloud.ts';
import { messageOf, OperationError } from './errors.ts';
import type { Target } from './options.ts';

/** Makes this process, and the programs it starts, talk to an environment: the local one, or the account signed in to. */
export async function enterCloud({ env, home }: Target): Promise<void> {
  if (env !== 'local') return requireAccount();
  const cloud = openLocalCloud({ home });
  if (!(await cloud.attach())) throw new OperationError('the local cloud is not running; start it with `sluice up`');
  enter(cloud);
}

/** Without an account every later message would be about something else. */
async function requireAccount(): Promise<void> {
  try {
    await new STSClient({}).send(new GetCallerIdentityCommand({}));
  } catch (error) {
    const fix = 'sign in (aws sso login), or set AWS_PROFILE and AWS_REGION';
    throw new OperationError(`AWS cannot be reached: ${messageOf(error)}; ${fix}`);
  }
}

/** The same for a cloud that is known to run. */
export function enter(cloud: LocalCloud): void {
  Object.assign(process.env, cloud.env);
  delete process.env.AWS_PROFILE; // it would win over the credentials of the local cloud
}
