import { type SecretsManagerClient, SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager';
import { readSecret } from '../../lambdas/shared/read-secret.ts';
import { type Digest, digestOf } from '../../lib/source/event-digest.ts';
import { OperationError } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';

/** What makes the ids of events of a domain's files, here as where files land by themselves. */
export async function fetchDigest(
  client: SecretsManagerClient,
  settings: Pick<Settings, 'get'>,
  domain: string,
): Promise<Digest> {
  const arn = settings.get(`${domain}/event-id-secret-arn`);
  try {
    return digestOf(await readSecret(client, arn));
  } catch (cause) {
    const isDenied = cause instanceof SecretsManagerServiceException && cause.name === 'AccessDeniedException';
    if (!isDenied) throw cause;
    throw new OperationError(
      `who sends files of ${domain} needs the key of its events' ids: allow secretsmanager:GetSecretValue on ${arn}, ` +
        "and kms:Decrypt on the lake's key by way of Secrets Manager",
      { cause },
    );
  }
}
