import { type LocalCloud, openLocalCloud } from '../../local/local-cloud.ts';
import { OperationError } from './errors.ts';
import type { Target } from './options.ts';

/** Makes this process, and the programs it starts, talk to an environment: an account's needs nothing, the local one does. */
export async function enterCloud({ env, home }: Target): Promise<void> {
  if (env !== 'local') return;
  const cloud = openLocalCloud({ home });
  if (!(await cloud.attach())) throw new OperationError('the local cloud is not running; start it with `sluice up`');
  enter(cloud);
}

/** The same for a cloud that is known to run. */
export function enter(cloud: LocalCloud): void {
  Object.assign(process.env, cloud.env);
  delete process.env.AWS_PROFILE; // it would win over the credentials of the local cloud
}
