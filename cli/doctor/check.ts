/** One thing that must be right; `problem` says what is wrong and how to fix it. */
export interface Finding {
  readonly name: string;
  readonly detail: string;
  readonly problem: string | null;
}

export const ok = (name: string, detail: string): Finding => ({ name, detail, problem: null });
export const broken = (name: string, problem: string): Finding => ({ name, detail: '', problem });

/** One line each. */
export const describeFinding = ({ name, detail, problem }: Finding): string =>
  problem === null ? `ok       ${name}: ${detail}` : `problem  ${name}: ${problem.replaceAll('\n', '\n         ')}`;

/** Compares installed packages with those that were tried together. */
export function checkVersions(pinned: ReadonlyMap<string, string>, installed: ReadonlyMap<string, string>): Finding {
  const name = 'Python packages';
  const wrong = [...pinned].filter(([key, version]) => installed.get(key) !== version);
  if (wrong.length === 0) return ok(name, `${pinned.size} as pinned`);
  const differences = wrong.map(([key, version]) => `${key} ${installed.get(key) ?? 'missing'} instead of ${version}`);
  return broken(name, `${differences.join(', ')}; run \`npm run setup\``);
}

/** Reads `name==version` from a lock file of pip. */
export const readPins = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^([\w.-]+)==([^\s\\]+)/gm)].map(([, name = '', version = '']) => [normalise(name), version]),
  );

/** Names of packages are equal when they differ in case, dots and dashes only. */
export const normalise = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');
