import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { KmsDataKeys } from '../../../lambdas/shared/kms-data-keys.ts';
import { KmsUnsealer } from '../../../lambdas/shared/kms-unsealer.ts';
import { S3OnFailureFolder } from '../../../lambdas/shared/s3-on-failure-folder.ts';
import { BrokenSealError, sealerOf } from '../../../lib/landing/seal.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';

const config = useLocalCloud();
const place = { shard: 'shardId-000000000000', sequence: '100', index: 0, arrivedAt: 7n };

test('payloads of several processes are opened with the domain they were sealed for, each key decrypted once', async () => {
  const client = new KMSClient(config());
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  const keys = new KmsDataKeys(client, 'commerce');
  const sealers = [await keys.create(KeyMetadata?.Arn ?? ''), await keys.create(KeyMetadata?.Arn ?? '')].map(sealerOf);
  const sealed = ['one', 'two', 'three'].map((text, i) => sealers[i % 2]?.seal(text, place) ?? '');

  const asked: Uint8Array[] = [];
  const decrypt = (encrypted: Uint8Array) => {
    asked.push(encrypted);
    return keys.decrypt(encrypted);
  };
  const unsealer = new KmsUnsealer({ decrypt });
  expect(await Promise.all(sealed.map((each) => unsealer.open(each, place)))).toEqual(['one', 'two', 'three']);
  expect(asked).toHaveLength(2);
  await expect(unsealer.open(sealed[0] ?? '', { ...place, index: 1 })).rejects.toThrow(BrokenSealError);
  const others = new KmsUnsealer(new KmsDataKeys(client, 'payroll'));
  await expect(others.open(sealed[0] ?? '', place)).rejects.toThrow('EncryptionContext');
});

test('parked records are read as the stream delivered them, and lie aside once they are redriven', async () => {
  const client = new S3Client(config());
  await client.send(new CreateBucketCommand({ Bucket: 'landing' }));
  const folder = new S3OnFailureFolder(client);
  const key = 'aws/lambda/0a1b/shardId-000000000000/2011/01/04/2011-01-04T10.00.00-0a1b';
  const kinesis = { sequenceNumber: '49590338', data: 'e30=', approximateArrivalTimestamp: 1294135200.123 };
  const payload = JSON.stringify({ Records: [{ eventID: 'shardId-000000000000:49590338', kinesis }] });
  const put = (Key: string, body: object) =>
    client.send(new PutObjectCommand({ Bucket: 'landing', Key, Body: JSON.stringify(body) }));
  await put(key, { requestContext: { condition: 'RetryAttemptsExhausted' }, payload });

  expect(await folder.read(`s3://landing/${key}`)).toEqual([
    { shard: 'shardId-000000000000', sequence: '49590338', data: 'e30=', arrivedAt: 1_294_135_200_123_000n },
  ]);
  await folder.setAside(`s3://landing/${key}`);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'landing' }));
  expect(Contents.map(({ Key }) => Key)).toEqual([key.replace('aws/lambda/', 'redriven/')]);

  await put('aws/lambda/0a1b/without', {});
  await expect(folder.read('s3://landing/aws/lambda/0a1b/without')).rejects.toThrow(/only whole records/);
  await expect(folder.setAside('s3://landing/staged/a')).rejects.toThrow(/is not in an on-failure folder/);
});
