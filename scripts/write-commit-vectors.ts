// Writes the decisions that the committer shares with the simulator's model of it: npx tsx scripts/write-commit-vectors.ts
import { writeFileSync } from 'node:fs';
import { commitVectors } from '../test/simulation/commit-vectors.ts';

const file = new URL('../test/vectors/commit-histories.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(commitVectors(), null, 1)}\n`);
