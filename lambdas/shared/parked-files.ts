import type { FileLedger, LandedFile, LargeFiles } from './file-ports.ts';

/** Parks what is too large: it stays where it is, and the ledger says why. */
export class ParkedFiles implements LargeFiles {
  private readonly ledger: FileLedger;

  constructor(ledger: FileLedger) {
    this.ledger = ledger;
  }

  async load({ size }: LandedFile, shard: string): Promise<void> {
    const reason = `the file has ${size} bytes, too many to be landed row by row; split it, or load it with Spark`;
    await this.ledger.end(shard, 'parked', new Date().toISOString(), reason);
  }
}
