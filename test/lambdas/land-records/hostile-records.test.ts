import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startAws } from '../../../bench/land/aws-double.ts';
import { bundleLandRecords, runFunction, streamEventOf, variablesOf } from '../../../bench/land/function-process.ts';
import { payments } from '../../../bench/land/payments.ts';
import { nastyStrings } from '../../fixtures/nasty-strings.ts';

// The function as it is deployed, in a process of its own: what it writes is what would be in its log.

const SECRET_WORD = 'Rumpelstilzchen';
const NOWHERE = 'http://127.0.0.1:9';
const [payment] = payments(1, 3);
const good = payment?.json ?? '';
const hostile = [
  ...nastyStrings(560).flatMap((text) => {
    const said = JSON.stringify(`${SECRET_WORD}${text}`);
    return [
      said,
      `{${said}:${said}}`,
      good.replace('"note":', `${said}:1,"note":`),
      good.replace('"id":', `"id":${said},"id":`),
    ];
  }),
  `${SECRET_WORD} is no JSON`,
  `[${good},${SECRET_WORD}`,
  `${'['.repeat(100_000)}"${SECRET_WORD}"${']'.repeat(100_000)}`,
  good.replace('"data":', `"__proto__":{"toString":"${SECRET_WORD}"},"data":`),
  good.replace(/"amount":"[^"]*"/, `"amount":"${SECRET_WORD}"`),
  `{"x":"${SECRET_WORD.repeat(70_000)}"}`,
];
const records = [...hostile.map((text) => Buffer.from(text)), Buffer.from([0xff, ...Buffer.from(SECRET_WORD)])];

let folder: string;
let bundle: string;
let aws: { server: Server; endpoint: string };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hostile-records-'));
  bundle = bundleLandRecords('test-hostile');
  aws = await startAws();
  const event = streamEventOf(
    records.map((bytes, i) => ({
      shard: 'shardId-000000000000',
      sequence: String(1000 + i),
      data: bytes.toString('base64'),
      arrivedAt: BigInt(Date.UTC(2026, 1, 10)) * 1000n,
    })),
  );
  writeFileSync(path.join(folder, 'event.json'), JSON.stringify(event));
});

afterAll(() => {
  aws.server.close();
  rmSync(folder, { recursive: true });
});

const run = (variables: Readonly<Record<string, string>> = {}) =>
  runFunction(bundle, path.join(folder, 'event.json'), { ...variablesOf(aws.endpoint), ...variables });

test('records of every hostile kind are taken, none is tried again, and none shows in the log', async () => {
  const { code, output } = await run();
  expect({ code, shows: output.includes(SECRET_WORD) }).toEqual({ code: 0, shows: false });
  expect(output).toContain(`"records":${records.length}`);
});

test('when nothing can be written, the log says so, and shows nothing of the records either', async () => {
  const { code, output } = await run({ AWS_ENDPOINT_URL_S3: NOWHERE });
  expect(code).not.toBe(0); // the records are to be tried again
  expect(output).toContain('staging commerce.ops.quarantine failed');
  expect(output).not.toContain(SECRET_WORD);
});
