import { listHeld } from '../../cli/shared/held-files.ts';
import { shardOf, uriOf } from '../../lambdas/shared/file-shard.ts';
import { MemoryFileLedger, MemoryLandedFiles } from '../lambdas/fakes/memory-files.ts';

test('parked files are named as long as they lie where they were put', async () => {
  const [files, ledger] = [new MemoryLandedFiles(), new MemoryFileLedger('commerce')];
  const put = (name: string, content: string) => files.put(`landing/commerce/stock_counts/${name}`, content);
  const parked = [put('lies ä/a.csv', 'large'), put('replaced.csv', 'large')];
  for (const file of [...parked, put('landed.csv', 'small')]) {
    await ledger.announce(shardOf(file), file, '2026-01-01T00:00:00.000Z');
    await ledger.end(shardOf(file), parked.includes(file) ? 'parked' : 'landed', '2026-01-01T00:01:00.000Z');
  }
  put('replaced.csv', 'smaller');
  expect((await listHeld(ledger, 'parked', files)).map(uriOf)).toEqual([
    's3://landing/landing/commerce/stock_counts/lies ä/a.csv',
  ]);
});
