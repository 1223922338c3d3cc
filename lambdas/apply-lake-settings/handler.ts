import {
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { z } from 'zod';
import { mergeSettings, problemsOf } from './apply-lake-settings.ts';

const client = new LakeFormationClient({});
const Properties = z.object({ Admins: z.array(z.string()) });
const PHYSICAL_ID = 'lake-settings';

const read = async () => (await client.send(new GetDataLakeSettingsCommand({}))).DataLakeSettings ?? {};

async function apply(admins: readonly string[]): Promise<void> {
  const DataLakeSettings = mergeSettings(await read(), admins);
  await client.send(new PutDataLakeSettingsCommand({ DataLakeSettings }));
  const problems = problemsOf(await read(), admins);
  if (problems.length > 0)
    throw new Error(`Lake Formation's settings were written but do not hold: ${problems.join('; ')}`);
}

type Answer = Pick<CloudFormationCustomResourceResponse, 'Status'> & { readonly Reason?: string };

/** A deletion changes nothing: it must not open the lake again. */
const outcomeOf = (event: CloudFormationCustomResourceEvent): Promise<Answer> =>
  (event.RequestType === 'Delete' ? Promise.resolve() : apply(Properties.parse(event.ResourceProperties).Admins)).then(
    () => ({ Status: 'SUCCESS' }),
    (error: unknown) => ({ Status: 'FAILED', Reason: String(error) }),
  );

/** CloudFormation waits for this answer, also for a failure; without it the deploy hangs until its timeout. */
export const handler = async (event: CloudFormationCustomResourceEvent): Promise<void> => {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const answer = {
    ...(await outcomeOf(event)),
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId: PHYSICAL_ID,
  };
  const response = await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
  if (!response.ok) throw new Error(`CloudFormation refused the answer of '${LogicalResourceId}': ${response.status}`);
};
