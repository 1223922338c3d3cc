import { type SecretsManagerClient, SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager';
import { fetchDigest } from '../../cli/send/fetch-digest.ts';
import { digestOf } from '../../lib/source/event-digest.ts';

const KEY = 'a key of event ids, of sufficient length';
const settings = { get: (path: string) => `arn of ${path}` };
const asked: string[] = [];
const clientThat = (answer: () => string) =>
  ({
    send: async ({ input }: { input: { SecretId: string } }) => {
      asked.push(input.SecretId);
      return { SecretString: answer() };
    },
  }) as unknown as SecretsManagerClient;

const refusal = (name: string) =>
  new SecretsManagerServiceException({ name, message: 'not so', $fault: 'client', $metadata: {} });
const refusing = (name: string) =>
  clientThat(() => {
    throw refusal(name);
  });

test("ids are made with the domain's own key", async () => {
  const digest = await fetchDigest(
    clientThat(() => KEY),
    settings,
    'health',
  );
  expect(digest('{}')).toBe(digestOf(KEY)('{}'));
  expect(asked).toEqual(['arn of health/event-id-secret-arn']);
});

test('who may not read the key is told what to allow', async () => {
  await expect(fetchDigest(refusing('AccessDeniedException'), settings, 'health')).rejects.toThrow(
    'allow secretsmanager:GetSecretValue on arn of health/event-id-secret-arn, and kms:Decrypt',
  );
  await expect(fetchDigest(refusing('InternalServiceError'), settings, 'health')).rejects.toThrow('not so');
});
