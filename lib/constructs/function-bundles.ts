import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import { projectPath } from './project.ts';

/** The scripts of a function: `index.mjs` of its handler, `<worker>.mjs` of what runs in a thread of its own, and their maps. */
export interface FunctionBundle {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Tells this content from any other. */
  readonly digest: string;
}

let bundles: ReadonlyMap<string, FunctionBundle> | undefined;

/**
 * All functions are bundled together, when the first of them is asked for: they share most of their sources, which are
 * read once, and domains differ in their contracts only.
 */
export function bundleOf(name: string): FunctionBundle {
  bundles ??= bundleAll();
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`lambdas/${name} has no handler.ts to bundle; found ${[...bundles.keys()].join(', ')}`);
  return bundle;
}

function bundleAll(): Map<string, FunctionBundle> {
  const { outputFiles } = buildSync({ ...OPTIONS, entryPoints: entryPoints(), outdir: OUT, write: false });
  const names = new Set(outputFiles.map(functionOf));
  return new Map([...names].map((name) => [name, bundle(outputFiles.filter((file) => functionOf(file) === name))]));
}

const functionOf = ({ path }: OutputFile): string => basename(dirname(path));

function bundle(outputs: readonly OutputFile[]): FunctionBundle {
  const digest = createHash('sha256');
  for (const { path, contents } of outputs) digest.update(basename(path)).update(contents);
  return {
    files: new Map(outputs.map(({ path, contents }) => [basename(path), contents])),
    digest: digest.digest('hex'),
  };
}

/** `lambdas/<name>/handler.ts` becomes `<name>/index`, and `lambdas/<name>/<worker>-worker.ts` keeps its name. */
function entryPoints(): { in: string; out: string }[] {
  const scripts = readdirSync(projectPath('lambdas'), { recursive: true, encoding: 'utf8' });
  return scripts.flatMap((script) => {
    const [, name, file] = /^([a-z-]+)[\\/](handler|[a-z-]+-worker)\.ts$/.exec(script) ?? [];
    if (!name || !file) return [];
    return [{ in: projectPath('lambdas', script), out: `${name}/${file === 'handler' ? 'index' : file}` }];
  });
}

/** CommonJS packages inside an ES module bundle still ask for these. */
const COMMONJS_NAMES = `
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
`;

/** Nothing is written there; the paths in source maps are relative to it. */
const OUT = projectPath('build/lambdas/bundles');

/** One file a script, since Lambda reads a bundle faster than the many files that scripts would share. */
const OPTIONS = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  // What a function does not use stays out, since a cold start pays for every byte. Lines stay: Node logs the one that threw.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  banner: { js: COMMONJS_NAMES },
  logLevel: 'error',
} satisfies BuildOptions;
