import os from 'node:os';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { EnvironmentName } from '../../lib/environment-names.ts';

/** Who calls: by the account's word, or on a laptop, whose cloud knows nobody, by the machine's. */
export async function callerOf(env: EnvironmentName): Promise<string> {
  if (env === 'local') return os.userInfo().username;
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  if (!Arn) throw new Error('STS answered without telling who calls');
  return Arn;
}
