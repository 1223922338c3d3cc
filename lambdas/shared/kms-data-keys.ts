import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { DataKey } from '../../lib/landing/seal.ts';

/** Data keys for a domain's sealed payloads, under the quarantine's own key: whose the payloads are is part of each. */
export class KmsDataKeys {
  private readonly client: KMSClient;
  private readonly domain: string;

  constructor(client: KMSClient, domain: string) {
    this.client = client;
    this.domain = domain;
  }

  async create(keyArn: string): Promise<DataKey> {
    const { Plaintext, CiphertextBlob } = await this.client.send(
      new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: this.context }),
    );
    if (!Plaintext || !CiphertextBlob) throw new Error(`key '${keyArn}': KMS answered without a data key`);
    return { plain: Plaintext, encrypted: CiphertextBlob };
  }

  async decrypt(encrypted: Uint8Array): Promise<Uint8Array> {
    const { Plaintext } = await this.client.send(
      new DecryptCommand({ CiphertextBlob: encrypted, EncryptionContext: this.context }),
    );
    if (!Plaintext) throw new Error(`KMS answered without the data key of a payload of '${this.domain}'`);
    return Plaintext;
  }

  private get context(): Record<string, string> {
    return { domain: this.domain };
  }
}
