import type { FileLedger, HeldState, LandedFile, LandedFiles } from '../../lambdas/shared/file-ports.ts';

/** Files that wait for a person, and still lie where they were put. */
export async function listHeld(
  ledger: Pick<FileLedger, 'held'>,
  state: HeldState,
  files: LandedFiles,
): Promise<LandedFile[]> {
  const held = (await ledger.held(state)).map(({ file }) => file);
  const found = await Promise.all(held.map((file) => files.open(file)));
  return held.filter((_, index) => found[index]);
}
