import { Stack } from 'aws-cdk-lib';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import type { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';

/** Lets a function point a domain's gold tables in the catalogue to one of its slots; Lake Formation grants it too. */
export function allowShowGold(
  fn: NodeFunction,
  { domain, lake, ledger }: { readonly domain: string; readonly lake: Lake; readonly ledger: Ledger },
): void {
  lake.locate(fn, 'gold');
  ledger.grantWriteSlot(fn, domain);
  const glue = (resource: string, resourceName?: string): string =>
    Stack.of(fn).formatArn({ service: 'glue', resource, ...(resourceName ? { resourceName } : {}) });
  allow(fn.role, {
    actions: ['glue:GetTable', 'glue:UpdateTable'],
    resources: [glue('catalog'), glue('database', `${domain}_gold`), glue('table', `${domain}_gold/*`)],
    wildcardReason: "the domain's gold tables come and go with its contracts",
  });
}
