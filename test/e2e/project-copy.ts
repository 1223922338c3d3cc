import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PROJECT = path.resolve(import.meta.dirname, '..', '..');
const SOURCES = ['bin', 'cli', 'domains', 'lambdas', 'lib', 'local', 'requirements', 'scripts', 'spark-jobs'];
const FILES = ['cdk.json', 'package.json', 'tsconfig.json'];
const PACKAGES = ['node_modules', '.venv'];

/** The project as a team has it on a branch: sources of its own to change, with the packages of this one. */
export class ProjectCopy {
  constructor(readonly folder: string) {
    for (const name of [...SOURCES, ...FILES])
      cpSync(path.join(PROJECT, name), path.join(folder, name), { recursive: true });
    for (const name of PACKAGES) symlinkSync(path.join(PROJECT, name), path.join(folder, name));
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    const place = path.join(this.folder, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  /** Replaces a text that must be there. */
  change(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (!text.includes(from)) throw new Error(`${file}: found no '${from}'`);
    this.write(file, text.replace(from, to));
  }
}
