import type { Place } from '../../lib/landing/place.ts';
import { parseSealed, unseal } from '../../lib/landing/seal.ts';
import type { KmsDataKeys } from './kms-data-keys.ts';

/** Opens sealed payloads. Those of one process share a data key, which is decrypted once. */
export class KmsUnsealer {
  private readonly keys: Pick<KmsDataKeys, 'decrypt'>;
  private readonly decrypted = new Map<string, Promise<Uint8Array>>();

  constructor(keys: Pick<KmsDataKeys, 'decrypt'>) {
    this.keys = keys;
  }

  async open(sealed: string, place: Place): Promise<string> {
    const parts = parseSealed(sealed);
    const name = Buffer.from(parts.encryptedKey).toString('base64');
    const key = this.decrypted.get(name) ?? this.keys.decrypt(parts.encryptedKey);
    this.decrypted.set(name, key);
    return unseal(parts, place, await key);
  }
}
