import { type Answer, isRead, type Shard, Stream } from './kinesis.ts';

const MAPPING = { retries: 2, maxAgeSeconds: 100 };
const ALL_WELL: Answer = { failed: [] };

function streamOf(records: number): { stream: Stream; shard: Shard } {
  const stream = new Stream(1, 'TRIM_HORIZON');
  for (let i = 0; i < records; i++) stream.put(0, `data ${i}`, 0);
  return { stream, shard: stream.shards[0]! };
}

const sequences = (records: readonly { readonly sequence: string }[]) => records.map(({ sequence }) => sequence);

test('what failed and what follows comes again, what precedes it does not', () => {
  const { stream, shard } = streamOf(4);
  const batch = stream.take(shard, 4);
  const [first, second, third, fourth] = sequences(batch.records);
  const { passed } = stream.answer(shard, batch, { failed: [third!] }, MAPPING, 0);
  expect(sequences(passed)).toEqual([first, second]);
  expect(sequences(stream.take(shard, 4).records)).toEqual([third, fourth]);
});

test('a record that always fails is parked alone, and the shard goes on', () => {
  const { stream, shard } = streamOf(5);
  const poison = shard.records[2]!;
  const [passed, parked]: string[][] = [[], []];
  for (let calls = 0; !isRead(shard); calls++) {
    expect(calls).toBeLessThan(50);
    const batch = stream.take(shard, 5);
    const answer = batch.records.includes(poison) ? 'FunctionFailed' : ALL_WELL;
    const progress = stream.answer(shard, batch, answer, MAPPING, 0);
    passed!.push(...sequences(progress.passed));
    parked!.push(...sequences(progress.parked));
  }
  expect(parked).toEqual([poison.sequence]);
  expect(passed).toEqual(sequences(shard.records.filter((record) => record !== poison)));
});

test('records that are too old are parked when they fail once more', () => {
  const { stream, shard } = streamOf(2);
  const { parked } = stream.answer(shard, stream.take(shard, 2), 'FunctionFailed', MAPPING, 101);
  expect(parked).toHaveLength(2);
});

test('children of a shard are read once it is read to its end', () => {
  const { stream, shard } = streamOf(1);
  stream.split(0);
  stream.put(0, 'later', 0);
  expect(stream.readable()).toEqual([shard]);
  stream.answer(shard, stream.take(shard, 1), ALL_WELL, MAPPING, 0);
  expect(stream.readable()).toEqual([stream.shards[1]]);
});

test('a rewound shard gives records again, cut in another way', () => {
  const { stream, shard } = streamOf(3);
  stream.answer(shard, stream.take(shard, 3), ALL_WELL, MAPPING, 0);
  stream.rewind(shard, 2);
  expect(stream.take(shard, 1).records).toEqual([shard.records[1]]);
});
