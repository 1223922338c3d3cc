import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Access } from '../../../cli/grants/resolve-access.ts';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { Finding } from '../../../lib/evidence/chain.ts';
import type { EvidenceDocument } from '../../../lib/evidence/document.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

interface Verdict {
  readonly documents: number;
  readonly findings: readonly Finding[];
}

/** What a person does with a platform that is already there. */
export function operations(platform: PlatformUnderTest): void {
  describe('the platform in operation', () => {
    test('says of every item of the ledger what it is, and by which version of its shape', async () => {
      const client = DynamoDBDocumentClient.from(new DynamoDBClient(platform.client()));
      const pages = paginateScan({ client }, { TableName: await platform.parameter('ledger/table') });
      const items: Record<string, unknown>[] = [];
      for await (const { Items = [] } of pages) items.push(...Items);
      const untyped = items.filter(({ type, v }) => typeof type !== 'string' || typeof v !== 'number');
      expect(untyped.map(({ pk, sk }) => `${pk} ${sk}`)).toEqual([]);
      expect(new Set(items.map(({ type }) => type)).size).toBeGreaterThan(10);
    });

    test('shows who may read which tables: engineers all, analysts silver and gold, business users gold', async () => {
      const { access } = await platform.json<{ access: Access[] }>('grants');
      const readable = (who: string): string[] => {
        const own = access.filter(({ principal, columns }) => principal.endsWith(who) && columns.length > 0);
        return [...new Set(own.map(({ table }) => table.split('.')[0] ?? ''))].sort();
      };
      expect(readable('-engineers')).toEqual(['commerce_bronze', 'commerce_gold', 'commerce_ops', 'commerce_silver']);
      expect(readable('-analysts')).toEqual(['commerce_gold', 'commerce_silver']);
      expect(readable('-business-users')).toEqual(['commerce_gold']);
    });

    test('hides the columns from business users that the contracts call confidential', async () => {
      const { access } = await platform.json<{ access: Access[] }>('grants');
      const sales = access.filter(({ table }) => table === 'commerce_gold.gold_fact_sales');
      const hidden = (who: string) => sales.find(({ principal }) => principal.endsWith(who))?.hidden;
      expect(hidden('-business-users')).toEqual(['customer_id']);
      expect(hidden('-analysts')).toEqual([]);
    });

    test('answers a wrong call with 2 and a failed one with 1, each with a reason', async () => {
      const wrong = await platform.sluice('send', 'shopp', 'orders.csv');
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/did you mean 'shop'/) });
      const failed = await platform.sluice('query', 'select * from commerce_gold.gold_fact_sale');
      expect(failed).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/did you mean commerce_gold\.gold_fact_sales/),
      });
    });

    test('proves what its runs did: each left a document, and a changed byte is named', async () => {
      for (let run = 0; run < 2; run++) await platform.succeed('run', '--wait');
      const [{ documents, findings } = { documents: 0, findings: null }] = await platform.json<Verdict[]>(
        'evidence',
        'verify',
      );
      const runs = await platform.json<RunItem[]>('runs', '--limit', '1000');
      expect([documents, findings]).toEqual([runs.length, []]);
      const [newest] = await platform.json<EvidenceDocument[]>('evidence', 'list', '--limit', '1');
      expect(newest).toMatchObject({ number: runs.length, runId: runs[0]?.runId, outcome: runs[0]?.status });
      const bucket = await platform.parameter('storage/evidence-bucket');
      const place = { Bucket: bucket, Key: 'commerce/000000000002.json' };
      const s3 = new S3Client({ ...platform.client(), forcePathStyle: true });
      const { Body: found } = await s3.send(new GetObjectCommand(place));
      const whole = (await found?.transformToByteArray()) ?? new Uint8Array();
      const Body = Uint8Array.from(whole, (byte, index) => (index === 100 ? byte ^ 1 : byte));
      await s3.send(new PutObjectCommand({ ...place, Body }));
      const { code, stderr } = await platform.sluice('evidence', 'verify');
      expect([code, stderr]).toEqual([1, expect.stringMatching(/commerce\/000000000002\.json: byte 100 was/)]);
      await s3.send(new PutObjectCommand({ ...place, Body: whole }));
      expect((await platform.sluice('evidence', 'verify')).code).toBe(0);
    });

    test('keeps its data over down and up', async () => {
      const before = await platform.goldFingerprint();
      await platform.succeed('down');
      expect((await platform.sluice('status')).code).toBe(1);
      await platform.up();
      expect(await platform.goldFingerprint()).toEqual(before);
      expect((await platform.json<unknown[]>('runs')).length).toBeGreaterThan(4);
    });

    test('survives being killed: a second up repairs it', async () => {
      const before = await platform.goldFingerprint();
      platform.kill();
      await platform.up();
      expect(await platform.goldFingerprint()).toEqual(before);
      expect((await platform.sluice('doctor')).code).toBe(0);
    });
  });
}
