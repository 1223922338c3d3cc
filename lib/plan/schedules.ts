import type { Contract } from '../contract/contract.ts';
import type { Schedule } from '../contract/schedule.ts';

/** `0 2 * * * Europe/London` */
export const scheduleText = ({ cron, timeZone }: Schedule): string => `${cron} ${timeZone}`;

/** The schedules of a domain, each once, in the order of their texts. */
export function schedulesOf(contracts: readonly Pick<Contract, 'schedule'>[]): Schedule[] {
  const found = contracts.flatMap(({ schedule }) => (schedule ? [[scheduleText(schedule), schedule] as const] : []));
  return [...new Map(found)].sort(([a], [b]) => a.localeCompare(b)).map(([, schedule]) => schedule);
}
