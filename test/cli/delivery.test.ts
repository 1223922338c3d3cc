import type { FirehoseClient } from '@aws-sdk/client-firehose';
import { Delivery } from '../../cli/send/delivery.ts';

/** A delivery stream that refuses what `refuses` says, and remembers what it was asked to take. */
function deliveryThat(refuses: (text: string, request: number) => boolean = () => false) {
  const requests: string[][] = [];
  const send = async ({ input }: { input: { Records: { Data: Uint8Array }[] } }) => {
    const texts = input.Records.map(({ Data }) => Buffer.from(Data).toString());
    requests.push(texts);
    const RequestResponses = texts.map((text) =>
      refuses(text, requests.length)
        ? { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'slow down' }
        : { RecordId: text },
    );
    return { RequestResponses, FailedPutCount: RequestResponses.filter((each) => 'ErrorCode' in each).length };
  };
  return { delivery: new Delivery({ send } as unknown as FirehoseClient, 'views', 0), requests };
}

const events = (...texts: string[]) => texts.map((text) => ({ key: text, text }));

test('many events share a record, a line for each', async () => {
  const { delivery, requests } = deliveryThat();
  const records = delivery.pack(events('{"n":1}', '{"n":2}', '{"n":3}'));
  await delivery.put(records);
  expect(records.map((record) => record.events)).toEqual([3]);
  expect(requests).toEqual([['{"n":1}\n{"n":2}\n{"n":3}']]);
});

test('what was refused is sent again, alone', async () => {
  const raw = events('a', 'b', 'c').map((event) => ({ ...event, raw: true }));
  const { delivery, requests } = deliveryThat((text, request) => text !== 'b' && request < 3);
  await delivery.put(delivery.pack(raw));
  expect(requests).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
    ['a', 'c'],
  ]);
});

test('a request holds at most 500 records and 4 MiB', async () => {
  const { delivery, requests } = deliveryThat();
  const raw = (text: string) => ({ key: 'k', text, raw: true });
  await delivery.put(delivery.pack(Array.from({ length: 501 }, (_, n) => raw(`${n}`))));
  await delivery.put(delivery.pack(Array.from({ length: 5 }, () => raw('x'.repeat(1_000_000)))));
  expect(requests.map(({ length }) => length)).toEqual([500, 1, 4, 1]);
});

test('an event that no record can hold is refused before anything is sent', () => {
  const { delivery } = deliveryThat();
  expect(() => delivery.pack(events('x'.repeat(1_024_000)))).toThrow('a record holds at most 1,024,000: split it');
});

test('a delivery stream that keeps refusing is named with its reason', async () => {
  const { delivery } = deliveryThat(() => true);
  await expect(delivery.put(delivery.pack(events('a')))).rejects.toThrow(
    "delivery stream 'views' refused 1 records 10 times: slow down; send slower with --rate",
  );
});
