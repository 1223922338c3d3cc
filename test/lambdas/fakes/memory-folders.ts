import type { FolderRemover } from '../../../lambdas/shared/ports.ts';

/** Folders that were taken away. */
export class MemoryFolders implements FolderRemover {
  readonly removed: string[] = [];

  async remove(uri: string): Promise<void> {
    this.removed.push(uri);
  }
}
