import { execFileSync } from 'node:child_process';

/** What may die, and how its process is recognised among the children of the cloud. */
export const VICTIMS = {
  'land-records': /ministack-lambda-sluice-local-commerce-land-records-/,
  'commit-batches': /ministack-lambda-sluice-local-commerce-commit-batches-/,
  'the Spark driver': /-m spark_driver/,
} as const;
export type Victim = keyof typeof VICTIMS;

/** Ends the processes of a victim without any warning. @returns how many there were. */
export function killChildren(cloud: number, victim: Victim): number {
  const pids = childrenOf(cloud).filter(({ command }) => VICTIMS[victim].test(command));
  for (const { pid } of pids) kill(pid);
  return pids.length;
}

function childrenOf(parent: number): { pid: number; command: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 }).split(
    '\n',
  );
  return lines.flatMap((line) => {
    const [, pid, ppid, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(ppid) === parent ? [{ pid: Number(pid), command }] : [];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It may have ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
