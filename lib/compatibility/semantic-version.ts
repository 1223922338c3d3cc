import { type ChangeKind, type Verdicts, worst } from './change.ts';

/** How much a version is raised. */
export type Bump = 'none' | 'patch' | 'minor' | 'major';

const BUMPS: readonly Bump[] = ['none', 'patch', 'minor', 'major'];

type Version = readonly [major: number, minor: number, patch: number];

const parse = (version: string): Version => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
};

export const majorOf = (version: string): number => parse(version)[0];

/** What a change asks of the version. Words are worth a patch; whatever breaks readers or writers, a major version. */
export function bumpFor({ kind, readers, writers }: Verdicts & { readonly kind: ChangeKind }): Bump {
  if (worst([readers, writers]) === 'break') return 'major';
  return kind === 'wordsChanged' || kind === 'foreignPropertyChanged' ? 'patch' : 'minor';
}

export const largest = (bumps: readonly Bump[]): Bump => BUMPS.findLast((bump) => bumps.includes(bump)) ?? 'none';

/** How much a version is above another; `none` also when it is below. */
export function bumpBetween(was: string, is: string): Bump {
  const [before, after] = [parse(was), parse(is)];
  const index = after.findIndex((part, i) => part !== before[i]);
  if (index < 0 || (after[index] ?? 0) < (before[index] ?? 0)) return 'none';
  return (['major', 'minor', 'patch'] as const)[index] ?? 'none';
}

export const isEnough = (bump: Bump, needed: Bump): boolean => BUMPS.indexOf(bump) >= BUMPS.indexOf(needed);

/** The first version that is so much above. */
export function raise(version: string, bump: Bump): string {
  const [major, minor, patch] = parse(version);
  if (bump === 'major') return `${major + 1}.0.0`;
  if (bump === 'minor') return `${major}.${minor + 1}.0`;
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : version;
}
