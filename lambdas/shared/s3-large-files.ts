import type { LargeFiles } from './file-ports.ts';
import { type LoadPlan, loadUri } from './load-documents.ts';
import type { JsonStore } from './ports.ts';

/** Asks for a load by writing its plan: S3 tells `advance-loads` of the new object. */
export class S3LargeFiles implements LargeFiles {
  private readonly documents: JsonStore;
  private readonly bucket: string;

  constructor(documents: JsonStore, bucket: string) {
    this.documents = documents;
    this.bucket = bucket;
  }

  load(plan: LoadPlan): Promise<void> {
    return this.documents.write(loadUri(this.bucket, plan.domain, 'plans', plan.shard), plan);
  }
}
