import { loadPlanner } from '../../../lambdas/land-file/plan-load.ts';
import { fileTables } from '../../../lambdas/land-file/route-file.ts';
import type { Compression } from '../../../lib/files/sniff-file.ts';
import type { FileForm } from '../../../lib/source/source-mapping.ts';
import { contracts } from '../../lib/landing/orders.ts';
import { ARRIVED } from '../fakes/memory-files.ts';
import { PLACES, STOCK, STOCK_FOLDER } from './file-desk.ts';

const stock = fileTables(contracts).get('stock_counts');
if (!stock) throw new Error('no contract takes stock counts');

/** The plan of a file with this name, form and compression. */
function plan(name: string, form: Partial<FileForm> = {}, compression: Compression = 'none') {
  const table = { ...stock, form: { ...stock?.form, ...form } } as NonNullable<typeof stock>;
  const file = { bucket: 'landing', key: `${STOCK_FOLDER}${name}`, size: 2_000_000_000, etag: 'e' };
  return loadPlanner(PLACES, contracts)({ file, open: { arrivedAt: ARRIVED }, table, compression });
}

test('a plan names the file, how it is read, and the contracts that its events may be of', () => {
  const found = plan('day ä.csv.gz', {}, 'gzip');
  expect(found).toMatchObject({
    type: 'FileLoadable',
    plan: {
      domain: 'commerce',
      table: STOCK,
      uri: `s3://landing/${STOCK_FOLDER}day ä.csv.gz`,
      shard: expect.stringMatching(/^file-[0-9a-f]{32}$/),
      size: 2_000_000_000,
      arrivedMicros: Number(ARRIVED),
      compression: 'gzip',
      form: { format: 'csv', delimiter: ';' },
      source: { source: '/commerce/warehouse' },
      staged: 's3://landing/staged/',
      results: expect.stringMatching(/^s3:\/\/landing\/loads\/commerce\/results\/file-[0-9a-f]{32}\.json$/),
      quarantine: 'commerce.ops.quarantine',
      tokenSecretArn: 'arn of the tokens',
      eventIdSecretArn: 'arn of the ids',
      quarantineKeyArn: 'arn of the payloads',
    },
  });
  const { contracts: taking } = (found as Extract<typeof found, { type: 'FileLoadable' }>).plan;
  expect(taking.map(({ id }) => id)).toContain(STOCK);
  expect(taking.every(({ id }) => id.includes('.bronze.'))).toBe(true);
});

test.each<[string, Partial<FileForm>, Compression, RegExp]>([
  ['a.avro', { format: 'avro' }, 'none', /a large file of avro cannot be loaded; write smaller files/],
  ['a.csv', { encoding: 'utf-16le' }, 'none', /UTF-16/],
  ['a.csv.zst', {}, 'zstd', /zstd/],
  ['export-17', {}, 'gzip', /end it in \.gz when, and only when, it is gzip data/],
  ['_a.csv', {}, 'none', /begin with _/],
  ['.a.csv', {}, 'none', /begin with \./],
])('%s (%j, %s) cannot be loaded, with its size and the reason', (name, form, compression, reason) => {
  expect(plan(name, form, compression)).toEqual({ type: 'FileUnloadable', reason: expect.stringMatching(reason) });
  expect(plan(name, form, compression)).toMatchObject({ reason: expect.stringContaining('2000000000 bytes') });
});
