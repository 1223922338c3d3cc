import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import type { Publication } from '../../lib/publish/publication.ts';
import { createLedger } from '../shared/clients.ts';
import { GlueCatalogue } from '../shared/glue-catalogue.ts';
import { S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { SsmSlotPointer } from '../shared/ssm-slot-pointer.ts';
import { logger, logRun } from '../shared/telemetry.ts';
import { publishTables } from './publish-tables.ts';

const settings = readSettings('LEDGER_TABLE', 'GOLD_BUCKET', 'SLOT_PARAMETER');
const publisher = {
  ledger: createLedger(settings.LEDGER_TABLE),
  documents: new S3JsonStore(new S3Client({})),
  catalogue: new GlueCatalogue(new GlueClient({})),
  pointer: new SsmSlotPointer(new SSMClient({}), settings.SLOT_PARAMETER),
  goldBucket: settings.GOLD_BUCKET,
};

const inputSchema = z.object({ runId: z.string().min(1), planUri: z.string().min(1) });

export const handler = async (event: unknown): Promise<Publication> => {
  const { runId, planUri } = inputSchema.parse(event);
  logRun(runId);
  const publication = await publishTables(publisher, planUri, new Date().toISOString());
  logger.info('published', { ...publication });
  return publication;
};
