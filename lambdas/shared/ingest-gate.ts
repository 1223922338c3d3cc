import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { compileLanding, type Landing } from '../../lib/landing/landing.ts';
import { sealerOf } from '../../lib/landing/seal.ts';
import { tokeniserOf } from '../../lib/landing/tokenise.ts';
import { readContracts } from './contracts.ts';
import { KmsDataKeys } from './kms-data-keys.ts';
import { readSecret } from './read-secret.ts';
import type { Settings } from './settings.ts';

export type GateSettings = Settings<'DOMAIN' | 'TOKEN_SECRET_ARN' | 'QUARANTINE_KEY_ARN'>;

/**
 * The domain's ingest gate, made once a process: the token key must not change, or the same customer would get two
 * tokens, and one data key seals all that the process refuses.
 */
export async function createIngestGate(settings: GateSettings, bundle: string): Promise<Landing> {
  const [secret, dataKey] = await Promise.all([
    readSecret(new SecretsManagerClient({}), settings.TOKEN_SECRET_ARN),
    new KmsDataKeys(new KMSClient({}), settings.DOMAIN).create(settings.QUARANTINE_KEY_ARN),
  ]);
  return compileLanding(settings.DOMAIN, readContracts(bundle), tokeniserOf(secret), sealerOf(dataKey));
}
