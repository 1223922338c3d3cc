import { AthenaClient } from '@aws-sdk/client-athena';
import { SSMClient } from '@aws-sdk/client-ssm';
import { enterCloud } from '../shared/cloud.ts';
import type { Target } from '../shared/options.ts';
import { Settings } from '../shared/settings.ts';
import { queryAthena } from './athena.ts';
import { queryLocally } from './local-engine.ts';
import { workgroupOf } from './run-query.ts';

/** Answers one statement where it is asked; the text of a JSON array of rows. */
export async function answer(sql: string, target: Target): Promise<string> {
  await enterCloud(target);
  return target.env === 'local' ? queryLocally(sql) : inAccount(sql, target.env);
}

async function inAccount(sql: string, env: string): Promise<string> {
  const settings = await Settings.load(new SSMClient({}), env);
  const rows = await queryAthena(new AthenaClient({}), sql, workgroupOf(settings));
  return `${JSON.stringify(rows)}\n`;
}
