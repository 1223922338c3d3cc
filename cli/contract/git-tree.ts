import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OperationError, UsageError } from '../shared/errors.ts';

/** The project as it was at a commit. It may be a folder of a larger repository. */
export class GitTree {
  private constructor(
    private readonly root: string,
    readonly commit: string,
    /** What a person calls the commit. */
    readonly name: string,
  ) {}

  /** @param ref a branch, tag or commit, as git takes it */
  static at(root: string, ref: string): GitTree {
    return new GitTree(root, resolve(root, ref), ref);
  }

  /** Where the branch in hand left another one: what the other has gained since is not its doing. */
  static whereItLeft(root: string, ref: string): GitTree {
    const commit = resolve(root, ref);
    try {
      const base = git(root, 'merge-base', commit, 'HEAD').toString().trim();
      return new GitTree(root, base, `${base.slice(0, 12)}, where HEAD left '${ref}'`);
    } catch (error) {
      const text = `HEAD and '${ref}' have no commit in common; a shallow clone lacks it, fetch the whole history`;
      throw new OperationError(text, { cause: error });
    }
  }

  /** Does something with the files that lay below a folder, in a place of their own, which is gone afterwards. */
  withFiles<T>(folder: string, use: (root: string) => T): T {
    const place = mkdtempSync(path.join(tmpdir(), 'sluice-tree-'));
    try {
      this.extract(folder, place);
      return use(place);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }

  private extract(folder: string, place: string): void {
    const isThere = git(this.root, 'ls-tree', this.commit, '--', folder).length > 0;
    if (!isThere) return;
    const input = git(this.root, 'archive', '--format=tar', this.commit, '--', folder);
    execFileSync('tar', ['-x', '-C', place], { input });
  }
}

/** Never taken for an option: what a person typed comes after the end of them. */
function resolve(root: string, ref: string): string {
  try {
    return git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).toString().trim();
  } catch (error) {
    throw new UsageError(`found '${ref}', allowed: a branch, tag or commit that git knows here`, { cause: error });
  }
}

const git = (cwd: string, ...args: readonly string[]): Buffer =>
  execFileSync('git', args, { cwd, maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
