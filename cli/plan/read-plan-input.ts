import type { S3Client } from '@aws-sdk/client-s3';
import { readKnown } from '../../lambdas/shared/read-known.ts';
import { S3DeltaVersions } from '../../lambdas/shared/s3-stores.ts';
import { withUpstream } from '../../lib/contract/upstream.ts';
import type { PlanInput } from '../../lib/plan/plan-run.ts';
import type { Platform } from '../shared/platform.ts';

/** What the next run of a domain would be planned from, by the contracts of this project. */
export async function readPlanInput(
  { ledger, contracts, settings }: Platform,
  domain: string,
  s3: S3Client,
): Promise<PlanInput> {
  const bucket = (layer: string) => settings.get(`storage/${layer}-bucket`);
  const buckets = { bronze: bucket('bronze'), silver: bucket('silver'), gold: bucket('gold'), ops: bucket('ops') };
  const createdAt = new Date().toISOString();
  const known = await readKnown(
    { ledger, versions: new S3DeltaVersions(s3), contracts: withUpstream(domain, contracts), buckets },
    domain,
    createdAt,
  );
  return { ...known, runId: 'next', domain, createdAt };
}
