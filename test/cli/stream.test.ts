import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { PackedRecord } from '../../cli/send/pack-records.ts';
import { Stream } from '../../cli/send/stream.ts';

const record = (name: string): PackedRecord => ({ partitionKey: name, data: Buffer.from(name), events: 1 });

/** A stream that refuses what `refuses` says, and remembers what it was asked to take. */
function streamThat(refuses: (name: string, attempt: number) => boolean): { stream: Stream; requests: string[][] } {
  const requests: string[][] = [];
  const send = async ({ input }: { input: { Records: { PartitionKey: string }[] } }) => {
    const names = input.Records.map(({ PartitionKey }) => PartitionKey);
    requests.push(names);
    const results = names.map((name) =>
      refuses(name, requests.length) ? { ErrorCode: 'Throttled', ErrorMessage: 'rate exceeded' } : {},
    );
    return { Records: results };
  };
  return { stream: new Stream({ send } as unknown as KinesisClient, 'orders', 0), requests };
}

describe('putting records', () => {
  test('asks once when everything is taken', async () => {
    const { stream, requests } = streamThat(() => false);
    await stream.put(['a', 'b'].map(record));
    expect(requests).toEqual([['a', 'b']]);
  });

  test('asks again for what was refused only, in the order it had', async () => {
    const { stream, requests } = streamThat((name, attempt) => attempt < 3 && name !== 'b');
    await stream.put(['a', 'b', 'c'].map(record));
    expect(requests).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c'],
      ['a', 'c'],
    ]);
  });

  test('gives up on a stream that keeps refusing, with its reason and a way out', async () => {
    const { stream, requests } = streamThat(() => true);
    await expect(stream.put([record('a')])).rejects.toThrow(
      "stream 'orders' refused 1 records 10 times: rate exceeded; send slower with --rate",
    );
    expect(requests.length).toBe(10);
  });
});
