import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { LambdaTableRestorer } from '../../../lambdas/shared/lambda-table-restorer.ts';
import type { PastTable } from '../../../lib/publish/past-tables.ts';

const SALES: PastTable = { table: 'shop.gold.sales', slot: 'blue', version: 7 };

/** A function that answers so, and what it was asked. */
function functionThat(answers: object, FunctionError?: string) {
  const asked: unknown[] = [];
  const client = {
    send: async ({ input }: InvokeCommand) => {
      asked.push({ name: input.FunctionName, ...JSON.parse(String(input.Payload)) });
      return { Payload: Buffer.from(JSON.stringify(answers)), FunctionError };
    },
  } as unknown as LambdaClient;
  return { asked, restorer: new LambdaTableRestorer(client, 'restore-tables') };
}

test('a check asks for all tables at once and gives those that are lost', async () => {
  const { asked, restorer } = functionThat({ lost: [{ ...SALES, reason: 'there is no table' }] });
  expect(await restorer.check([SALES])).toEqual([{ ...SALES, reason: 'there is no table' }]);
  expect(asked).toEqual([{ name: 'restore-tables', action: 'check', tables: [SALES] }]);
});

test('a restore gives the versions at which the tables are now', async () => {
  const { asked, restorer } = functionThat({ tables: [{ ...SALES, version: 12 }] });
  expect(await restorer.restore([SALES])).toEqual([{ ...SALES, version: 12 }]);
  expect(asked).toEqual([{ name: 'restore-tables', action: 'restore', tables: [SALES] }]);
});

test('a function that failed is told with its own words', async () => {
  const { restorer } = functionThat(
    { errorType: 'Lost', errorMessage: 'sales in blue: there is no table' },
    'Unhandled',
  );
  await expect(restorer.restore([SALES])).rejects.toThrow(/restore-tables failed: .*sales in blue: there is no table/);
});
