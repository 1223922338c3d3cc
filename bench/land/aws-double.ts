import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SentMessage {
  readonly Id: string;
  readonly MessageBody: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** What land-records asks of AWS, answered at once: what is measured is the function. */
const ANSWERS: Readonly<Record<string, (request: { Entries: SentMessage[] }) => unknown>> = {
  'secretsmanager.GetSecretValue': () => ({ SecretString: 'a secret of the benchmark, of sufficient length' }),
  'TrentService.GenerateDataKey': () => ({
    KeyId: 'key',
    Plaintext: Buffer.alloc(32, 1).toString('base64'),
    CiphertextBlob: Buffer.alloc(150, 2).toString('base64'),
  }),
  'AmazonSQS.SendMessageBatch': ({ Entries }) => ({
    Failed: [],
    Successful: Entries.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
  }),
};

/** A server on this machine that stands in for AWS; whatever else is asked or put is taken, and answered with nothing. */
export async function startAws(): Promise<{ server: Server; endpoint: string }> {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const target = request.headers['x-amz-target'];
    const answer = ANSWERS[String(target)];
    response.setHeader('content-type', target ? 'application/x-amz-json-1.1' : 'application/xml');
    response.setHeader('etag', '"0"');
    response.end(target ? JSON.stringify(answer?.(JSON.parse(body)) ?? {}) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
